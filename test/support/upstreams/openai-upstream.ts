import { createServer, type Fixture } from '@copilotkit/aimock'
import { Journal } from './journal.ts'
import { closeServer, type LoopbackServer } from './loopback-server.ts'

/** What the upstream answers when the last message contains `prompt`. */
export interface ScriptedAnswer {
  prompt: string
  answer: string
  /** Milliseconds between streamed chunks; default 20. */
  pace?: number
  /** Characters in a streamed chunk; default 12. */
  chunkSize?: number
}

/** An OpenAI-shaped server that checks keys. */
export interface OpenAiUpstream extends LoopbackServer {
  /** What a client's `baseURL` should be. */
  readonly baseUrl: string
}

/**
 * Start aimock with a key check: a wrong key, no key, or a second credential beside the right one answer 401.
 *
 * @param keys the keys that are good; nothing else is.
 */
export async function startOpenAiUpstream(
  keys: string[],
  answers: ScriptedAnswer[],
): Promise<OpenAiUpstream> {
  const instance = await createServer(answers.map(toFixture), {
    host: '127.0.0.1',
    port: 0,
    auth: { apiKeys: keys },
    logLevel: 'silent',
  })
  const journal = new Journal()
  // Prepended: its own handler starts to read the body at once.
  instance.server.prependListener('request', (request, response) => {
    journal.record(request, response)
  })
  const url = new URL(instance.url)
  return {
    url: `http://127.0.0.1:${url.port}`,
    baseUrl: `http://127.0.0.1:${url.port}/v1`,
    port: Number(url.port),
    journal,
    close: () => closeServer(instance.server),
  }
}

function toFixture({ prompt, answer, pace = 20, chunkSize = 12 }: ScriptedAnswer): Fixture {
  return { match: { userMessage: prompt }, response: { content: answer }, latency: pace, chunkSize }
}
