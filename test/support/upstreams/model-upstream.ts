import type { ServerResponse } from 'node:http'
import { hasBearer, type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** What a test tells the server in the body of its call, beside what a real one would read. */
export interface ModelAsk {
  max_tokens?: number
  /** Tokens it uses of the most it may; default all. */
  uses?: number
  /** `silent`: no usage. `refuses`: 400. `breaks`: the connection ends in the middle. `hangs`: no answer. */
  how?: 'json' | 'stream' | 'silent' | 'refuses' | 'breaks' | 'hangs'
  /** Milliseconds before it answers. */
  wait?: number
  messages?: unknown
}

/** A server that answers like a model and counts what it sold. */
export interface ModelUpstream extends LoopbackServer {
  /** Output tokens used by all calls it answered, whatever it told of them. */
  readonly sold: { tokens: number; calls: number; most: number }
}

/** Start it. Each call counts one token of input and `uses` of output, on arrival. */
export async function startModelUpstream(key: string): Promise<ModelUpstream> {
  const sold = { tokens: 0, calls: 0, most: 0 }
  let running = 0
  const server = await startLoopbackServer(async (request, response) => {
    if (!hasBearer(request, [key])) return sendJson(response, 401, { error: 'key' })
    running += 1
    sold.most = Math.max(sold.most, running)
    response.once('close', () => {
      running -= 1
    })
    const ask = JSON.parse((await readBody(request)).toString() || '{}') as ModelAsk
    if (ask.how === 'refuses') return sendJson(response, 400, { error: { message: 'no such model' } })
    const used = ask.uses ?? ask.max_tokens ?? 1
    sold.calls += 1
    sold.tokens += used + 1
    await new Promise((resolve) => setTimeout(resolve, ask.wait ?? 0))
    answer(response, ask, used)
  })
  return Object.assign(server, { sold })
}

function answer(response: ServerResponse, { how = 'json' }: ModelAsk, used: number): void {
  const usage = { prompt_tokens: 1, completion_tokens: used, total_tokens: used + 1 }
  if (how === 'json') return sendJson(response, 200, { choices: [{ message: { content: 'hi' } }], usage })
  if (how === 'silent') return sendJson(response, 200, { choices: [{ message: { content: 'hi' } }] })
  if (how === 'hangs') return
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (value: unknown) => response.write(`data: ${JSON.stringify(value)}\n\n`)
  event({ choices: [{ delta: { content: 'hi' } }], usage: null })
  if (how === 'breaks') return void setTimeout(() => response.destroy(), 20)
  event({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}
