import { createServer } from '@copilotkit/aimock'
import type { Scene } from '../e2e/scene.ts'
import { makeCanary } from '../support/canary.ts'
import { hasBearer, type LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { type HeldProxy, startHeldProxy } from './upstreams/held-proxy.ts'
import { startNotesUpstream } from './upstreams/notes-upstream.ts'

/** What every model answers to {@link PROMPT}, a few letters at a time. */
export const ANSWER = 'Said to every client alike, a few letters at a time.'
export const PROMPT = 'hello'
/** What is spoken: bytes that are no text. */
export const SPEECH = Buffer.from(
  Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff),
)

/** How the owner adds a service, and what they allow. */
interface Service {
  /** Arguments of `service add` beside its address and its key. */
  readonly add: readonly string[]
  /** Arguments of `capability add`. */
  readonly allow: readonly string[]
  /** Header its key arrives in, and what stands there. */
  readonly header: string
  readonly format: (key: string) => string
  /** What stands before the key, as its vendor's keys begin. */
  readonly prefix: string
  /** Path below which its vendor serves the interface. */
  readonly path?: string
}

const bearer = { header: 'authorization', format: (key: string) => `Bearer ${key}` }
const byHand = (...rules: string[]) => ({
  ...bearer,
  add: ['--auth', 'bearer'],
  allow: rules.flatMap((rule) => ['--allow', rule]),
  prefix: '',
})

/** A service of the catalogue. @param path below which its vendor serves the interface. */
const ofPreset = (preset: string, capability: string, prefix = '', path = '') => ({
  ...{ ...bearer, prefix, path },
  add: ['--preset', preset],
  allow: ['--from-preset', capability],
})

/** The services of the suite, by name; each on a port of its own. */
export const SERVICES = {
  openai: {
    ...bearer,
    add: ['--preset', 'openai'],
    allow: ['--from-preset', 'openai-chat'],
    prefix: 'sk-proj-',
  },
  anthropic: {
    add: ['--preset', 'anthropic'],
    allow: ['--from-preset', 'anthropic-messages', '--model', 'claude-sonnet-5'],
    header: 'x-api-key',
    format: (key: string) => key,
    prefix: 'sk-ant-api03-',
  },
  gemini: {
    add: ['--auth', 'header', '--set', 'header=x-goog-api-key'],
    allow: ['--allow', 'POST /v1beta/models/*'],
    header: 'x-goog-api-key',
    format: (key: string) => key,
    prefix: 'AIza',
  },
  own: ofPreset('openai-compatible', 'oai-chat'),
  xai: ofPreset('xai', 'xai-chat', 'xai-'),
  openrouter: ofPreset('openrouter', 'openrouter-chat', 'sk-or-v1-', '/api'),
  mistral: byHand('POST /v1/chat/completions'),
  groq: { ...byHand('POST /openai/v1/chat/completions'), prefix: 'gsk_', path: '/openai' },
  cohere: byHand('POST /v2/chat'),
  ollama: byHand('POST /api/chat'),
  elevenlabs: {
    add: ['--auth', 'header', '--set', 'header=xi-api-key'],
    allow: ['--allow', 'POST /v1/text-to-speech/*'],
    header: 'xi-api-key',
    format: (key: string) => key,
    prefix: 'sk_',
  },
  huggingface: { ...byHand('POST /v1/chat/completions'), prefix: 'hf_' },
  notes: byHand('* /**'),
  keyed: {
    add: ['--auth', 'header', '--set', 'header=x-notes-key'],
    allow: ['--allow', '* /**'],
    header: 'x-notes-key',
    format: (key: string) => key,
    prefix: '',
  },
} as const satisfies Record<string, Service>

export type ServiceName = keyof typeof SERVICES

/** A service that runs, with its key in the vault. */
export interface RunningService {
  readonly server: HeldProxy
  /** What stands in the header that {@link SERVICES} names when its key has arrived. */
  readonly credential: string
}

/** Every service, running. */
export interface RunningServices {
  readonly of: (name: ServiceName) => RunningService
  close(): Promise<void>
}

/** Start services, each with a marked key, and grant a site a capability of each. */
export async function startServices(
  scene: Scene,
  origin: string,
  names = Object.keys(SERVICES) as ServiceName[],
): Promise<RunningServices> {
  const keys = new Map(names.map((name) => [name, makeKey(scene, name)]))
  const keyOf = (name: ServiceName) => keys.get(name) ?? 'a key that nobody has'
  const models = await startModels([...keys.values()])
  const notes = await startNotesUpstream((request) => hasBearer(request, [keyOf('notes')]))
  const keyed = await startNotesUpstream(
    ({ headers }) => headers['x-notes-key'] === keyOf('keyed') && headers.authorization === undefined,
  )
  const behind = (name: ServiceName) =>
    name === 'notes' ? notes.url : name === 'keyed' ? keyed.url : models.url
  const running = new Map<ServiceName, RunningService>()
  for (const name of names) {
    const service: Service = SERVICES[name]
    const server = await startHeldProxy(behind(name), service.path)
    running.set(name, { server, credential: service.format(keyOf(name)) })
    await addService(scene, name, server.url, keyOf(name))
    await scene.grant(origin, name)
  }
  const servers = [models, notes, keyed, ...[...running.values()].map(({ server }) => server)]
  return {
    of: (name) => {
      const found = running.get(name)
      if (found === undefined) throw new Error(`the service \`${name}\` does not run`)
      return found
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/**
 * The notes service once more, as a public interface without us: it takes what pages hold for its key, and any page may
 * call it. What a page sees of it is what it would see of the other.
 */
export async function startOpenNotes(
  placeholder: string,
): Promise<RunningService & { close(): Promise<void> }> {
  const notes = await startNotesUpstream(
    ({ headers }) => headers.authorization?.endsWith(` ${placeholder}`) === true,
  )
  const server = await startHeldProxy(notes.url, '', true)
  const close = async () => {
    await Promise.all([server.close(), notes.close()])
  }
  return { server, credential: `Bearer ${placeholder}`, close }
}

/** Keys that are searched for at the end. Those of the other services take the same ways, and each search takes long. */
const MARKED: readonly ServiceName[] = ['openai', 'notes']

function makeKey(scene: Scene, name: ServiceName): string {
  const { prefix } = SERVICES[name]
  return MARKED.includes(name) ? scene.canary(name, prefix) : makeCanary(`${name}'s key`, prefix).key
}

async function addService(scene: Scene, name: ServiceName, url: string, key: string): Promise<void> {
  const { add, allow } = SERVICES[name]
  const { valetkey } = scene.stage
  await valetkey.ask(['service', 'add', name, ...add, '--base-url', url, '--local', '--secret-stdin'], key)
  await valetkey.ask(['capability', 'add', name, '--service', name, ...allow])
}

/** A server that speaks the vendors' interfaces and takes these keys only. */
async function startModels(keys: string[]): Promise<Pick<LoopbackServer, 'url' | 'close'>> {
  const answer = { match: { userMessage: PROMPT }, response: { content: ANSWER }, latency: 20, chunkSize: 12 }
  const speech = {
    match: { userMessage: PROMPT, endpoint: 'elevenlabs-tts' as const },
    response: { audio: SPEECH.toString('base64') },
  }
  const options = { host: '127.0.0.1', port: 0, auth: { apiKeys: keys }, logLevel: 'silent' as const }
  const { server, url } = await createServer([speech, answer], options)
  return {
    url: `http://127.0.0.1:${new URL(url).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
