import { equal } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import type { Asked, Handler } from './vendor.ts'

/** What a model says, and in which pieces. */
export const SAID = 'Said in parts.'
/** What it says before it has a tool called. */
export const LOOKED = 'I look. '
const PARTS = ['Said ', 'in ', 'parts.']
const WEATHER = { name: 'weather', arguments: '{"city":"Köln"}' }

/** A stream of OpenAI's chat completions (platform.openai.com/docs/api-reference/chat-streaming). */
function streamed({ response }: Asked, deltas: readonly object[], finish: string): void {
  const chunk = (delta: object, reason: string | null) => ({
    ...{ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'a-model' },
    choices: [{ index: 0, delta, finish_reason: reason }],
  })
  const chunks = [...deltas.map((delta) => chunk(delta, null)), chunk({}, finish)]
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const each of chunks) response.write(`data: ${JSON.stringify(each)}\n\n`)
  response.end('data: [DONE]\n\n')
}

interface Message {
  readonly role: string
  readonly content: unknown
}

/** The messages of a call that asked for a stream, the last of which is the page's or a tool's. */
function messagesOf({ body }: Asked): readonly Message[] {
  const { messages, stream } = JSON.parse(body.toString()) as { messages: Message[]; stream: boolean }
  equal(stream, true)
  return messages
}

/** Answers by a text, a few letters at a time. */
export const chatAnswer: Handler = (asked) => {
  const last = messagesOf(asked).at(-1)
  equal(last?.role, 'user')
  equal(JSON.stringify(last?.content).includes('hello'), true)
  streamed(
    asked,
    PARTS.map((content) => ({ content })),
    'stop',
  )
}

/** Has a tool called, and answers once it has said something. */
export const toolAnswer: Handler = (asked) => {
  const last = messagesOf(asked).at(-1)
  if (last?.role !== 'tool') {
    const call = { index: 0, id: 'call_1', type: 'function', function: WEATHER }
    return streamed(asked, [{ content: LOOKED }, { tool_calls: [call] }], 'tool_calls')
  }
  equal(JSON.stringify(last.content).includes('sunny'), true)
  streamed(
    asked,
    PARTS.map((content) => ({ content })),
    'stop',
  )
}

/** An agent's step, as one call of the one tool that the page's model has to call. @param action by its name. */
export function stepAnswer({ response }: Asked, tool: string, action: object): void {
  const argument = { evaluation_previous_goal: 'none', memory: '', next_goal: 'go on', action }
  const call = {
    id: 'call_1',
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(argument) },
  }
  const message = { role: 'assistant', content: null, tool_calls: [call] }
  sendJson(response, 200, {
    ...{ id: 'c1', object: 'chat.completion', created: 1, model: 'a-model' },
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  })
}
