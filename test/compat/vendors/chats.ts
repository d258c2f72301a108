import { deepEqual, equal, match } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { eventOf } from './aws-events.ts'
import { chatAnswer, LOOKED, SAID, stepAnswer, toolAnswer } from './chat-answer.ts'
import { BEARER, fromPreset, inHeader } from './places.ts'
import type { Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())
const chat = { job: 'a chat answer', streamed: true, returns: { text: SAID } } as const

/** Packages that ask models, and those that put an agent into a page. */
export const CHATS: readonly Vendor[] = [
  {
    ...BEARER,
    ...chat,
    package: '@cerebras/cerebras_cloud_sdk',
    page: 'cerebras',
    handlers: () => ({ 'POST /v1/chat/completions': chatAnswer }),
    returns: { text: SAID, failure: 404 },
  },
  {
    ...BEARER,
    ...chat,
    package: '@llamaindex/openai',
    page: 'llamaindex',
    handlers: () => ({ 'POST /v1/chat/completions': chatAnswer }),
  },
  {
    ...inHeader('api-key'),
    ...fromPreset('azure-openai', 'azure-openai-chat'),
    ...chat,
    package: 'openai',
    page: 'azure-openai',
    job: 'a chat answer from a deployment of Azure',
    handlers: () => ({
      'POST /openai/deployments/mine/chat/completions': (asked) => {
        equal(asked.url.searchParams.get('api-version'), '2024-10-21')
        return chatAnswer(asked)
      },
    }),
  },
  {
    ...inHeader('x-portkey-api-key'),
    ...chat,
    add: [...inHeader('x-portkey-api-key').add, '--allow-header', 'x-portkey-*'],
    package: 'portkey-ai',
    page: 'portkey',
    handlers: () => ({
      'POST /v1/chat/completions': (asked) => {
        equal(asked.request.headers['x-portkey-provider'], '@mine')
        return chatAnswer(asked)
      },
    }),
  },
  {
    ...BEARER,
    ...chat,
    package: '@openai/agents',
    page: 'openai-agents',
    job: 'an agent that calls a tool of the page, and its answer',
    handlers: () => ({ 'POST /v1/chat/completions': toolAnswer }),
    returns: { text: LOOKED + SAID, asked: ['Köln'], final: SAID },
  },
  {
    ...BEARER,
    ...chat,
    package: '@langchain/ollama',
    page: 'langchain-ollama',
    handlers: () => ({
      'POST /api/chat': ({ response, body }) => {
        const { messages, stream } = jsonOf(body)
        deepEqual([messages[0].content, stream], ['hello', true])
        const line = (content: string, done: boolean) =>
          `${JSON.stringify({ model: 'a-model', message: { role: 'assistant', content }, done })}\n`
        response.writeHead(200, { 'content-type': 'application/x-ndjson' })
        for (const part of ['Said ', 'in ', 'parts.']) response.write(line(part, false))
        response.end(line('', true))
      },
    }),
  },
  {
    ...BEARER,
    package: 'page-agent',
    page: 'page-agent',
    job: 'reads the page, clicks what the model says, is done',
    handlers: () => {
      let steps = 0
      return {
        'POST /v1/chat/completions': (asked) => {
          const { tools, messages } = jsonOf(asked.body)
          const [, index] = /\[(\d+)\]<button[^\n]*Buy/.exec(messages.at(-1).content) ?? []
          match(`${index}`, /^\d+$/, 'the button was not seen')
          steps += 1
          const done = { done: { text: 'bought', success: true } }
          const click = { click_element_by_index: { index: Number(index) } }
          stepAnswer(asked, tools[0].function.name, steps === 1 ? click : done)
        },
      }
    },
    returns: { success: true, said: 'bought', clicks: 1 },
  },
  {
    ...BEARER,
    ...fromPreset('bedrock', 'bedrock-converse'),
    ...chat,
    package: '@aws-sdk/client-bedrock-runtime',
    page: 'bedrock',
    job: 'a chat answer in binary events, by an API key',
    handlers: () => ({
      'POST /model/anthropic.claude%3A0/converse-stream': ({ response, body }) => {
        equal(jsonOf(body).messages[0].content[0].text, 'hello')
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' })
        response.write(eventOf('messageStart', { role: 'assistant' }))
        for (const text of ['Said ', 'in ', 'parts.'])
          response.write(eventOf('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }))
        response.end(eventOf('messageStop', { stopReason: 'end_turn' }))
      },
      'POST /model/none/converse-stream': ({ response }) => {
        response.setHeader('x-amzn-errortype', 'ValidationException:http://internal.amazon.com/')
        sendJson(response, 400, { message: 'The provided model identifier is invalid.' })
      },
    }),
    returns: { text: SAID, stopReason: 'end_turn', failure: ['ValidationException', 400] },
  },
  {
    ...inHeader('authorization', 'Key {}'),
    package: '@fal-ai/client',
    page: 'fal',
    job: 'waits in a queue for a picture, reads an answer as it comes, meets a 404',
    streamed: true,
    handlers: () => {
      let looks = 0
      const urls = { status_url: 'https://queue.fal.run/s', response_url: 'https://queue.fal.run/r' }
      return {
        'POST /fal-ai/flux': ({ response, body }) => {
          deepEqual(jsonOf(body), { prompt: 'a cat' })
          sendJson(response, 200, { status: 'IN_QUEUE', request_id: 'r1', queue_position: 0, ...urls })
        },
        'GET /fal-ai/flux/requests/r1/status': ({ response }) => {
          looks += 1
          sendJson(response, 200, {
            status: looks > 1 ? 'COMPLETED' : 'IN_PROGRESS',
            request_id: 'r1',
            ...urls,
          })
        },
        'GET /fal-ai/flux/requests/r1': ({ response }) => {
          response.setHeader('x-fal-request-id', 'r1')
          sendJson(response, 200, { images: ['https://fal.media/a.png'] })
        },
        'POST /fal-ai/any-llm/stream': ({ response }) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          for (const output of ['Said ', 'in ', 'parts.'])
            response.write(`data: ${JSON.stringify({ output })}\n\n`)
          response.end()
        },
      }
    },
    returns: {
      text: SAID,
      images: ['https://fal.media/a.png'],
      requestId: 'r1',
      statuses: ['IN_PROGRESS', 'COMPLETED'],
      failure: 404,
    },
  },
]
