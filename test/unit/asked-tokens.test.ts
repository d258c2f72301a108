import { describe, expect, test } from 'vitest'
import { askedTokens } from '../../native-host/policy/asked-tokens.ts'

const CHAT = '/v1/chat/completions'

function asked(path: string, body: unknown, method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = Buffer.from(text)
  const { input, output, spends } = askedTokens({ method, path }, bytes)
  return { input: input === bytes.length ? 'bytes' : input, output, spends }
}

describe('output is what the endpoint takes as its maximum, times the answers', () => {
  test.each<[string, unknown, number | null]>([
    [CHAT, { max_tokens: 100 }, 100],
    [CHAT, { max_completion_tokens: 100 }, 100],
    [CHAT, { max_tokens: 5, max_completion_tokens: 100 }, 100],
    [CHAT, { max_tokens: 100, n: 3 }, 300],
    [CHAT, { max_tokens: null, max_completion_tokens: 7 }, 7],
    ['/openai/deployments/x/chat/completions', { max_tokens: 9 }, 9],
    ['/v1/completions', { prompt: 'a', max_tokens: 10, n: 2, best_of: 5 }, 50],
    ['/v1/completions', { prompt: ['a', 'b', 'c'], max_tokens: 10 }, 30],
    ['/v1/completions', { prompt: [1, 2, 3], max_tokens: 10 }, 10],
    ['/v1/completions', { prompt: [[1], [2]], max_tokens: 10, n: 2 }, 40],
    ['/v1/responses', { max_output_tokens: 64 }, 64],
    ['/v1/messages', { max_tokens: 1024 }, 1024],
    ['/v1beta/models/gemini-x:generateContent', { generationConfig: { maxOutputTokens: 50 } }, 50],
    [
      '/v1beta/models/gemini-x:streamGenerateContent',
      { generationConfig: { maxOutputTokens: 50, candidateCount: 4 } },
      200,
    ],
    ['/v1beta/models/gemini-x:generateContent', { generation_config: { max_output_tokens: 50 } }, 50],
    ['/v1/embeddings', { input: 'a' }, 0],
    // A member of another kind of endpoint bounds nothing: a server may pass over it.
    ['/v1/responses', { max_tokens: 1 }, null],
    ['/v1beta/models/gemini-x:generateContent', { max_tokens: 1 }, null],
    ['/v1/messages', { max_output_tokens: 1 }, null],
    ['/v1/images/generations', { max_tokens: 1 }, null],
    ['/api/chat', { max_tokens: 1 }, null],
    [CHAT, {}, null],
    [CHAT, [], null],
    // Not numbers everyone reads alike, or that some servers take for "no limit".
    ...[0, -1, 1.5, '100', true, [5], 99_999_999_999].map((max_tokens): [string, unknown, null] => [
      CHAT,
      { max_tokens },
      null,
    ]),
    [CHAT, { max_tokens: 10, max_completion_tokens: -1 }, null],
    [CHAT, { max_tokens: 10, n: 0 }, null],
    [CHAT, { max_tokens: 10, n: '3' }, null],
    [CHAT, { max_tokens: 1_000_000_000, n: 2 }, null],
    [CHAT, '{"max_tokens":1,"max_tokens":1000}', null],
    [CHAT, '{"max_tokens":1e3}', null],
    [CHAT, '{"max_tokens":10', null],
    [CHAT, 'max_tokens=10', null],
  ])('%s %j: %j', (path, body, output) => {
    expect(asked(path, body).output).toBe(output)
  })
})

describe('input is the bytes of the body, unless it stands for more', () => {
  const message = (content: unknown) => ({ max_tokens: 1, messages: [{ role: 'user', content }] })
  test.each([
    [CHAT, message('hello, "image_url" and file_id')],
    [CHAT, { ...message('x'), tools: [{ type: 'function', function: { name: 'f' } }] }],
    [
      '/v1/messages',
      {
        ...message('x'),
        tools: [
          { name: 'f', input_schema: {} },
          { type: 'custom', name: 'g' },
        ],
      },
    ],
    ['/v1beta/models/x:generateContent', { tools: [{ functionDeclarations: [] }] }],
    ['/v1/responses', { input: 'x', previous_response_id: null }],
  ])('%s %j: its bytes', (path, body) => {
    expect(asked(path, body).input).toBe('bytes')
  })

  test.each([
    [CHAT, message([{ type: 'image_url', image_url: { url: 'https://x.example/1.png' } }])],
    [CHAT, message([{ type: 'file', file: { file_id: 'f' } }])],
    [CHAT, { ...message('x'), web_search_options: {} }],
    ['/v1/messages', message([{ type: 'image', source: { type: 'url', url: 'https://x.example' } }])],
    ['/v1/messages', { ...message('x'), tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['/v1/responses', { input: 'x', previous_response_id: 'resp_1' }],
    ['/v1/responses', { prompt: { id: 'pmpt_1' } }],
    ['/v1/responses', { tools: [{ type: 'file_search' }] }],
    ['/v1/responses', { tools: {} }],
    ['/v1beta/models/x:generateContent', { contents: [{ parts: [{ fileData: { fileUri: 'u' } }] }] }],
    ['/v1beta/models/x:generateContent', { cachedContent: 'c' }],
    ['/v1beta/models/x:generateContent', { tools: [{ googleSearch: {} }] }],
    ['/v1beta/models/x:generateContent', { tools: [{ functionDeclarations: [], googleSearch: {} }] }],
  ])('%s %j: unbounded', (path, body) => {
    expect(asked(path, body).input).toBeNull()
  })
})

test.each([
  ['GET', '/v1/models', null],
  ['DELETE', '/v1/files/x', null],
  ['POST', '/v1/messages/count_tokens', '{"messages":[]}'],
  ['POST', '/v1beta/models/x:countTokens', '{}'],
])('%s %s spends nothing', (method, path, body) => {
  const answer = askedTokens({ method, path }, body === null ? null : Buffer.from(body))
  expect(answer).toEqual({ input: 0, output: 0, spends: false })
})

test.each([
  ['POST', '/v1/messages/count_tokens/x', '{}'],
  ['GET', CHAT, '{"max_tokens":5}'],
  ['DELETE', CHAT, '{"max_tokens":5}'],
  ['POST', CHAT, null],
])('%s %s may spend', (method, path, body) => {
  expect(askedTokens({ method, path }, body === null ? null : Buffer.from(body)).spends).toBe(true)
})
