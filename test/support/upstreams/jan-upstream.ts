import type { ServerResponse } from 'node:http'
import { hasBearer, type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** Where Jan's local API server listens unless its user moved it (jan.ai/docs/api-server). */
export const JAN_PORT = 1337

const MODELS = [
  { id: 'qwen3-4b', object: 'model', owned_by: 'llama.cpp' },
  { id: 'gpt-5', object: 'model', owned_by: 'remote' },
]

/** A server that answers as Jan's does: bearer only, errors in plain text, remote providers' models among the local ones. */
export function startJanUpstream(key: string, port = JAN_PORT): Promise<LoopbackServer> {
  return startLoopbackServer(
    async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://jan.test').pathname
      const body = await readBody(request)
      if (!hasBearer(request, [key])) return sendText(response, 401, 'Invalid or missing authorization token')
      if (request.method === 'GET' && path === '/v1/models') {
        return sendJson(response, 200, { object: 'list', data: MODELS })
      }
      if (request.method === 'POST' && path === '/v1/chat/completions') return answerChat(body, response)
      sendText(response, 404, 'Not Found')
    },
    { port },
  )
}

/** Headers a local server passes on to the user's remote providers, so they must never come from a page. */
export const FORBIDDEN_AT_JAN = ['x-api-key', 'origin', 'referer', 'cookie', 'x-forwarded-for'] as const

async function answerChat(body: Buffer, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(body.toString('utf8')) as { model?: string; stream?: boolean }
  if (!MODELS.some((model) => model.id === asked.model)) {
    return sendText(response, 404, 'No running session found for model')
  }
  const words = ['local', ' words', ' only']
  if (asked.stream !== true) {
    const message = { role: 'assistant', content: words.join('') }
    return sendJson(response, 200, { object: 'chat.completion', choices: [{ index: 0, message }] })
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const content of words) {
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  response.end('data: [DONE]\n\n')
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
}
