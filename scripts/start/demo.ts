import { fileURLToPath } from 'node:url'
import { type Canary, makeCanary } from '../../test/support/canary.ts'
import { type PageServer, startPageServer } from '../../test/support/pages/page-server.ts'
import { type Stage, setUpStage } from '../../test/support/stage.ts'
import { type OpenAiUpstream, startOpenAiUpstream } from '../../test/support/upstreams/openai-upstream.ts'
import type { BrowserName } from '../find-browser.ts'
import type { Narrator } from './narrator.ts'

/** What the playground asks first; its answer takes a few seconds to stream. */
export const PROMPT = 'Why would a car come with a valet key?'
const ANSWER =
  'Because you sometimes hand your car to a stranger. A valet key starts the engine and opens the door, and leaves the glove box and the trunk locked. The page you are looking at was handed one of those: it can have this answer, and nothing else.'
/** A prompt whose answer goes on for half a minute, to show what a revocation does to it. */
export const LONG_PROMPT = 'Count the cars in the garage, slowly.'
const LONG_ANSWER = Array.from({ length: 800 }, (_, at) => `${at + 1}…`).join(' ')

/** Name of the demo's capability. */
export const CAPABILITY = 'demo-chat'

/** Everything `npm start` sets up. */
export interface Demo {
  stage: Stage
  upstream: OpenAiUpstream
  site: PageServer
  /** The key: known to the API and the vault, and to nobody else. */
  key: Canary
  placeholder: string
  close(): Promise<void>
}

/** Set up the API, the site, the vault with the key, and the browser. What was started is closed again when a part fails. */
export async function setUpDemo(browser: BrowserName, headful: boolean, tell: Narrator): Promise<Demo> {
  const key = makeCanary('the API key', 'sk-')
  const upstream = await startOpenAiUpstream(
    [key.key],
    [
      { prompt: PROMPT, answer: ANSWER, pace: 40, chunkSize: 6 },
      { prompt: LONG_PROMPT, answer: LONG_ANSWER, pace: 50, chunkSize: 6 },
    ],
  )
  tell.line('API', `${upstream.baseUrl} (OpenAI-shaped, on this machine; a wrong key gets 401)`)
  const json: Record<string, unknown> = {}
  const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const page = folder('./playground/')
  const product = folder('../../native-host/playground/page/')
  const site = await startPageServer({ folders: { '/app/': page, '/product/': product, '/': page }, json })
  const closeServers = async () => {
    await site.close()
    await upstream.close()
  }
  let stage: Stage | null = null
  try {
    const say = (line: string) => tell.line('build', line)
    const opened = await setUpStage({ browser, headful, say, withPassphrase: true })
    stage = opened
    const placeholder = await storeKey(opened, upstream, key, tell)
    json['/config.json'] = { baseURL: upstream.baseUrl, placeholder, model: 'gpt-5' }
    tell.line('page', `${site.origin}/ (the playground; holds \`${placeholder}\`)`)
    const close = async () => {
      await opened.close()
      await closeServers()
    }
    return { stage: opened, upstream, site, key, placeholder, close }
  } catch (error) {
    // SECURITY: the stage holds an unlocked vault; left open, its key would stay in memory.
    await stage?.close()
    await closeServers()
    throw error
  }
}

async function storeKey(
  stage: Stage,
  upstream: OpenAiUpstream,
  key: Canary,
  tell: Narrator,
): Promise<string> {
  const { valetkey } = stage
  tell.line('vault', 'made in a temporary folder, opened with a passphrase from stdin')
  const service = ['service', 'add', 'demo', '--preset', 'openai-compatible', '--base-url', upstream.baseUrl]
  await valetkey.ask([...service, '--local', '--secret-stdin'], key.key)
  tell.line('key', `${maskKey(key.key)} went to the vault through stdin`)
  await valetkey.ask(['capability', 'add', CAPABILITY, '--service', 'demo', '--from-preset', 'oai-chat'])
  tell.line('capability', `\`${CAPABILITY}\`: chat and the model list of the service \`demo\`, nothing else`)
  tell.line('host', `registered with ${stage.browserName} for a throwaway profile`)
  const shown = (await valetkey.ask(['service', 'show', 'demo'])) as { placeholder: string }
  return shown.placeholder
}

/** A key as it may be printed: enough to tell which one it is. */
export function maskKey(key: string): string {
  return `${key.slice(0, 6)}…${key.slice(-2)} (${key.length} characters)`
}
