import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'

/** Name of the one model there is. */
export const MODEL = 'echo'
/** Largest body that is read, bytes. */
const MAX_BODY = 64 * 1024
/** Most of a prompt that is said back, characters. */
const MAX_QUOTE = 300
/** Between two words, ms: fast to read, slow enough to see that they come one by one. */
const PACE_MS = 40

const AskSchema = z.object({
  model: z.string(),
  stream: z.optional(z.boolean()),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).check(z.minLength(1)),
})
type Ask = z.infer<typeof AskSchema>

/**
 * A model in the shape of OpenAI's chat completions that thinks nothing: it says back what it was told, and what key came
 * with it. Whoever has another key, or none, is answered 401, as by any such service.
 */
export function answerAsModel(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  key: string,
): void {
  if (!hasKey(request, key)) return failed(response, 401, 'Incorrect API key provided.')
  const asked = `${request.method} ${path}`
  if (asked === 'GET /v1/models') {
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: MODEL, object: 'model', owned_by: 'you' }],
    })
  }
  if (asked !== 'POST /v1/chat/completions') return failed(response, 404, 'There is nothing here.')
  readAsk(request).then(
    (ask) => {
      if (ask === null) failed(response, 400, 'This is not a chat request.')
      else reply(response, ask, sentences(ask, key))
    },
    () => response.destroy(),
  )
}

// SECURITY: compared by digest and in constant time: programs on this machine can ask as often as they like.
function hasKey(request: IncomingMessage, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${key}`))
}

/** The whole body as a chat request; null where it is none. Answered only when it is all there. */
async function readAsk(request: IncomingMessage): Promise<Ask | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= MAX_BODY) parts.push(part)
  }
  if (bytes > MAX_BODY) return null
  try {
    return AskSchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
  } catch {
    return null
  }
}

/** It names the key on purpose: whoever reads the answer sees that it does not reach the page. */
function sentences(ask: Ask, key: string): string {
  const said = ask.messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const quote = said.length > MAX_QUOTE ? `${said.slice(0, MAX_QUOTE)}…` : said
  return `You said: “${quote}”. Your call arrived with the right key, and this is me trying to tell the page which: ${key} – did it get through?`
}

function reply(response: ServerResponse, ask: Ask, text: string): void {
  if (ask.stream !== true) {
    const message = { role: 'assistant', content: text }
    return sendJson(response, 200, {
      object: 'chat.completion',
      model: MODEL,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    })
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const words = text.split(/(?<= )/)
  const timer = setInterval(() => {
    const word = words.shift()
    if (word !== undefined) return void response.write(`data: ${chunk(word)}\n\n`)
    clearInterval(timer)
    response.end('data: [DONE]\n\n')
  }, PACE_MS)
  response.once('close', () => clearInterval(timer))
}

function chunk(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }]
  return JSON.stringify({ object: 'chat.completion.chunk', model: MODEL, choices })
}

function failed(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'invalid_request_error' } })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
