import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { hasBearer, type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/**
 * What it does with the next calls. `answer`: a whole answer. `stream`: words until the client leaves. `stream-503`: the
 * same with that status. `hang`: nothing.
 * `break`: the connection ends once the call has come in. A number: that status, with an answer in JSON. Every answer
 * claims to come from elsewhere, which only the host may say.
 */
export type Behaviour = 'answer' | 'stream' | 'stream-503' | 'hang' | 'break' | number

/** A server with OpenAI's chat shape whose failures a test chooses. */
export interface ChatUpstream extends LoopbackServer {
  behaviour: Behaviour
  /** Put into every answer. */
  echo: string
  /** Models of the calls that came with the right key, in order. */
  readonly models: (string | null)[]
}

/** Start it on a port of its own, or on one that is named. */
export async function startChatUpstream(key: string, says: string, port?: number): Promise<ChatUpstream> {
  const state = { behaviour: 'answer' as Behaviour, echo: '', models: [] as (string | null)[] }
  const server = await startLoopbackServer(
    async (request, response) => {
      const body = (await readBody(request)).toString()
      if (!hasBearer(request, [key])) return sendJson(response, 401, { error: { message: 'wrong key' } })
      state.models.push(body === '' ? null : String((JSON.parse(body) as { model?: string }).model))
      await answer(response, state.behaviour, `${says}${state.echo}`)
    },
    port === undefined ? {} : { port },
  )
  return Object.assign(state, server)
}

async function answer(response: ServerResponse, behaviour: Behaviour, says: string): Promise<void> {
  if (behaviour === 'hang') return
  response.setHeader('valet-key-failover', 'forged')
  if (behaviour === 'break') return void response.destroy()
  if (behaviour === 'stream') return stream(response, says, 200)
  if (behaviour === 'stream-503') return stream(response, says, 503)
  const status = behaviour === 'answer' ? 200 : behaviour
  if (status !== 200) response.setHeader('retry-after', '7')
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  sendJson(response, status, { says, choices: [{ message: { content: says } }], usage })
}

async function stream(response: ServerResponse, says: string, status: number): Promise<void> {
  response.writeHead(status, { 'content-type': 'text/event-stream' })
  // Ends by itself when nobody ends it.
  for (let at = 0; at < 3000 && !response.destroyed; at++) {
    response.write(`data: ${says} ${at}\n\n`)
    await wait(20)
  }
  response.end()
}
