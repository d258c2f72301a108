import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasBearer, type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/**
 * A server that takes its key the way ModelsLab does (docs.modelslab.com): in the JSON body on media paths, as a bearer
 * below `/api/v7/llm`, as a query parameter on `GET /api/v7/models`. Errors of the media paths come with HTTP 200. What a
 * prompt with `slow` asks for is fetched by its number, with the key once more, and is ready at the second look.
 */
export function startModelsLabUpstream(key: string): Promise<LoopbackServer> {
  const looks = new Map<string, number>()
  return startLoopbackServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://modelslab.test')
    if (url.pathname.startsWith('/api/v7/llm/')) return answerChat(request, response, key)
    if (url.pathname === '/api/v7/models') return answerModels(url, response, key)
    return answerMedia(request, response, url, key, looks)
  })
}

async function answerMedia(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname: path }: URL,
  key: string,
  looks: Map<string, number>,
): Promise<void> {
  const body: unknown = JSON.parse((await readBody(request)).toString('utf8'))
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  if (fields.key !== key) return sendJson(response, 200, { status: 'error', message: 'Invalid API Key' })
  if (path.endsWith('/wallet_balance')) return sendJson(response, 200, { status: 'success', balance: '9.50' })
  const [, number] = /\/fetch\/(\d+)$/.exec(path) ?? []
  if (number !== undefined) looks.set(number, (looks.get(number) ?? 0) + 1)
  const isSlow = /slow/.test(String(fields.prompt)) || (number !== undefined && looks.get(number) === 1)
  if (isSlow) {
    const fetch_result = `http://${request.headers.host}/api/v6/images/fetch/4711`
    return sendJson(response, 200, { status: 'processing', eta: 1, id: 4711, fetch_result })
  }
  sendJson(response, 200, {
    status: 'success',
    generationTime: 1.2,
    id: 4711,
    output: ['https://images.modelslab.test/4711.png'],
    meta: { prompt: fields.prompt, model_id: fields.model_id },
  })
}

async function answerChat(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
  await readBody(request)
  if (!hasBearer(request, [key])) {
    return sendJson(response, 401, { status: 'error', message: 'Unauthenticated.' })
  }
  sendJson(response, 200, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'from the lab' }, finish_reason: 'stop' }],
  })
}

function answerModels(url: URL, response: ServerResponse, key: string): void {
  const given = url.searchParams.getAll('key')
  const good = given.length === 1 && given[0] === key
  const models = [{ model_id: 'flux', status: 'model_ready' }]
  sendJson(response, 200, good ? models : { status: 'error', message: 'Invalid API Key' })
}
