import type { Tokens } from '../../shared/model/audit-record.ts'

/**
 * Answers in the shapes that the services document, written for these tests. Sources: OpenAI API reference (chat completions,
 * completions, embeddings, responses and their streaming events), Anthropic Messages API and its "Streaming" page, Gemini API
 * reference (GenerateContentResponse, UsageMetadata).
 */
interface Example {
  readonly name: string
  readonly body: string
  readonly tokens: Tokens | null
}

/** Each value as an event. */
export function sse(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

/** Named events, as Anthropic's and OpenAI's Responses have them. */
function named(...events: readonly { type: string }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

export const ANSWERS: readonly Example[] = [
  {
    name: 'OpenAI chat',
    body: pretty({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Grüße "usage" \\ \n' }, finish_reason: 'stop' },
      ],
      usage: {
        prompt_tokens: 19,
        completion_tokens: 10,
        total_tokens: 29,
        prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    }),
    tokens: { input: 19, output: 10 },
  },
  {
    name: 'OpenAI embeddings',
    body: pretty({ data: [{ embedding: [0.1, -2e-5] }], usage: { prompt_tokens: 8, total_tokens: 8 } }),
    tokens: { input: 8, output: 0 },
  },
  {
    name: 'OpenAI Responses',
    body: pretty({
      object: 'response',
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'hi' }] }],
      usage: {
        input_tokens: 36,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 87,
        output_tokens_details: { reasoning_tokens: 64 },
        total_tokens: 123,
      },
      metadata: {},
    }),
    tokens: { input: 36, output: 87 },
  },
  {
    name: 'Anthropic messages',
    body: pretty({
      type: 'message',
      content: [{ type: 'text', text: 'hi' }],
      usage: {
        input_tokens: 21,
        cache_creation_input_tokens: 188,
        cache_read_input_tokens: 1000,
        cache_creation: { ephemeral_5m_input_tokens: 188 },
        output_tokens: 393,
        service_tier: 'standard',
      },
    }),
    tokens: { input: 1209, output: 393 },
  },
  {
    name: 'Gemini generateContent',
    body: pretty({
      candidates: [{ content: { parts: [{ text: 'hi' }], role: 'model' }, finishReason: 'STOP' }],
      usageMetadata: {
        promptTokenCount: 8,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 70,
        toolUsePromptTokenCount: 5,
        totalTokenCount: 103,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 8 }],
      },
    }),
    tokens: { input: 13, output: 90 },
  },
  {
    name: 'Gemini streamGenerateContent without SSE',
    body: pretty([
      { candidates: [{}], usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 } },
      {
        candidates: [{ finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 30, totalTokenCount: 38 },
      },
    ]),
    tokens: { input: 8, output: 30 },
  },
]

const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }], usage: null })

export const STREAMS: readonly Example[] = [
  {
    name: 'OpenAI chat that was asked to include usage',
    body: `${sse(delta('Hel'), delta('lo'), {
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    })}data: [DONE]\n\n`,
    tokens: { input: 5, output: 7 },
  },
  {
    name: 'OpenAI chat that was not asked',
    body: `${sse({ choices: [{ delta: { content: 'Hello' } }] })}data: [DONE]\n\n`,
    tokens: null,
  },
  {
    name: 'OpenAI chat with usage so far in an event that is not the last',
    body: `${sse({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 1 } }, { choices: [{ delta: {} }] })}`,
    tokens: null,
  },
  {
    name: 'OpenAI chat with usage so far, and an end after more of the answer',
    body: `${sse(
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 1 } },
      { choices: [{ delta: { content: 'more' } }] },
    )}data: [DONE]\n\n`,
    tokens: null,
  },
  {
    name: 'OpenAI Responses',
    body: named(
      { type: 'response.created', response: { status: 'in_progress', usage: null } } as { type: string },
      { type: 'response.output_text.delta', delta: 'usage' } as { type: string },
      {
        type: 'response.completed',
        response: { usage: { input_tokens: 37, output_tokens: 11, total_tokens: 48 } },
      } as { type: string },
    ),
    tokens: { input: 37, output: 11 },
  },
  {
    name: 'OpenAI Responses with usage on the way, and none at the end',
    body: named(
      {
        type: 'response.in_progress',
        response: { usage: { input_tokens: 37, output_tokens: 1 } },
      } as { type: string },
      { type: 'response.completed', response: { usage: null } } as { type: string },
    ),
    tokens: null,
  },
  {
    name: 'Anthropic messages',
    body: named(
      {
        type: 'message_start',
        message: {
          type: 'message',
          usage: { input_tokens: 25, cache_read_input_tokens: 3, output_tokens: 1 },
        },
      } as { type: string },
      { type: 'ping' },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } } as { type: string },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 15 } } as {
        type: string
      },
      { type: 'message_stop' },
    ),
    tokens: { input: 28, output: 15 },
  },
  {
    name: 'Anthropic messages whose last counts repeat the input, or are null',
    body: named(
      { type: 'message_start', message: { usage: { input_tokens: 25, output_tokens: 1 } } } as {
        type: string
      },
      {
        type: 'message_delta',
        usage: { input_tokens: null, cache_read_input_tokens: 40, output_tokens: 15 },
      } as { type: string },
      { type: 'message_stop' },
    ),
    tokens: { input: 65, output: 15 },
  },
  {
    name: 'Anthropic messages without their end',
    body: named(
      { type: 'message_start', message: { usage: { input_tokens: 25, output_tokens: 1 } } } as {
        type: string
      },
      { type: 'message_stop' },
    ),
    tokens: null,
  },
  {
    name: 'Gemini',
    body: sse(
      { candidates: [{}], usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 } },
      {
        candidates: [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 6, totalTokenCount: 10 },
      },
    ),
    tokens: { input: 4, output: 6 },
  },
  {
    name: 'comments, other fields, a value over two lines, and no blank line at the end',
    body: ': hello\nid: 1\nretry: 5\ndata:{"usage":{"prompt_tokens":1,\ndata: "completion_tokens":2}}\n\ndata: [DONE]\n',
    tokens: { input: 1, output: 2 },
  },
  {
    name: 'a byte order mark before the first event',
    body: '\ufeffdata: {"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\ndata: [DONE]\n\n',
    tokens: { input: 1, output: 2 },
  },
  {
    name: 'Gemini that was cut off behind its counters',
    body: sse({ candidates: [{}], usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 } }),
    tokens: null,
  },
]
