import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ScriptedAnswer, startOpenAiUpstream } from './openai-upstream.ts'

/** An OpenAI-shaped server in a process of its own. */
export interface OpenAiProcess {
  /** What a client's `baseURL` should be. */
  readonly baseUrl: string
  /** End the process as a crash does, and wait until it is gone. Harmless twice. */
  kill(): Promise<void>
}

/** Start it. It ends when this process does. */
export async function startOpenAiProcess(key: string, answers: ScriptedAnswer[]): Promise<OpenAiProcess> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  // No argument and no environment: both can be read by other programs.
  child.stdin.write(`${JSON.stringify({ key, answers })}\n`)
  const [baseUrl] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { baseUrl, kill }
}

if (process.argv[2] === 'serve' && process.argv[1] === fileURLToPath(import.meta.url)) {
  const input = createInterface({ input: process.stdin })
  const [line] = (await once(input, 'line')) as [string]
  const { key, answers } = JSON.parse(line) as { key: string; answers: ScriptedAnswer[] }
  const { baseUrl } = await startOpenAiUpstream([key], answers)
  console.log(baseUrl)
  input.on('close', () => process.exit(0))
}
