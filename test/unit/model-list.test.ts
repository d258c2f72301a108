import { describe, expect, test } from 'vitest'
import type { CleansedResponse } from '../../native-host/broker/cleanse.ts'
import { withoutHiddenModels } from '../../native-host/broker/model-list.ts'
import { JAN } from '../../shared/presets/jan.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'

const jan = serviceFromPreset(JAN, { id: 'jan' })
const LIST =
  '{ "object":"list", "data": [ {"id":"qwen","owned_by":"llama.cpp"} , {"id":"gpt-5","owned_by":"remote"},\n' +
  ' {"id":"small","owned_by":"mlx"}, {"id":"who"} ], "x":1e0 }'

interface Asked {
  status?: number
  method?: string
  path?: string
  models?: string[] | null
  service?: typeof jan
}

async function filtered(text: string | Iterable<Uint8Array>, asked: Asked = {}) {
  const { status = 200, method = 'GET', path = '/v1/models', models = null, service = jan } = asked
  let isRead = false
  async function* body() {
    isRead = true
    yield* typeof text === 'string' ? [Buffer.from(text.slice(0, 30)), Buffer.from(text.slice(30))] : text
  }
  const clean: CleansedResponse = {
    status,
    statusText: '',
    headers: [
      ['content-type', 'application/json'],
      ['content-length', '7'],
      ['etag', '"a"'],
    ],
    body: body(),
    redactions: () => 3,
  }
  const origin = 'http://127.0.0.1:1337'
  const request = { method, url: origin + path, origin, path, query: [], headers: [] }
  const answer = await withoutHiddenModels(clean, request, service, models)
  const held = isRead
  const parts: Uint8Array[] = []
  for await (const part of answer.body) parts.push(part)
  return {
    text: Buffer.concat(parts).toString(),
    headers: answer.headers,
    held,
    redactions: answer.redactions(),
  }
}
const withheld = (reason: string) => expect.objectContaining({ code: 'response-withheld', reason })

describe('a list of models of Jan', () => {
  test('has no model of a remote provider, none of nobody, and every other byte', async () => {
    const { text, headers, redactions } = await filtered(LIST)
    expect(text).toBe(
      '{ "object":"list", "data": [{"id":"qwen","owned_by":"llama.cpp"},{"id":"small","owned_by":"mlx"}], "x":1e0 }',
    )
    expect(headers).toEqual([['content-type', 'application/json']])
    expect(redactions).toBe(3)
  })

  test('has those that the capability lists, and may be empty', async () => {
    expect(JSON.parse((await filtered(LIST, { models: ['small', 'gpt-5'] })).text).data).toEqual([
      { id: 'small', owned_by: 'mlx' },
    ])
    expect(JSON.parse((await filtered(LIST, { models: [] })).text).data).toEqual([])
  })

  test('is the same bytes where nothing goes', async () => {
    const whole = '{"data" : [{"id":"a", "owned_by":"llama.cpp"} ] }'
    expect((await filtered(whole)).text).toBe(whole)
  })

  test.each([
    '',
    'No models',
    '[]',
    '{"data":{}}',
    '{"models":[]}',
    '{"data":[],"data":[{"id":"x"}]}',
    '{"data":[',
    '\ufeff{"data":[]}',
  ])('is withheld where it is none: %s', async (text) => {
    await expect(filtered(text)).rejects.toEqual(withheld('model-list-unreadable'))
  })

  test('is withheld where it is longer than any, without reading on', async () => {
    let given = 0
    function* endless() {
      for (; given < 1000; given++) yield Buffer.alloc(64 * 1024, 0x20)
    }
    await expect(filtered(endless())).rejects.toEqual(withheld('model-list-too-long'))
    expect(given).toBeLessThan(20)
  })

  test('a refusal in plain text, and any other call, streams past as it is', async () => {
    expect(await filtered('Invalid or missing authorization token', { status: 401 })).toMatchObject({
      text: 'Invalid or missing authorization token',
      held: false,
    })
    expect(await filtered(LIST, { path: '/v1/chat/completions', method: 'POST' })).toMatchObject({
      text: LIST,
      held: false,
    })
    const { modelLists: _, ...plain } = jan
    expect(await filtered(LIST, { service: plain })).toMatchObject({ text: LIST, held: false })
  })

  test('says no length of what it would have been, to a HEAD', async () => {
    expect((await filtered('', { method: 'HEAD' })).headers).toEqual([['content-type', 'application/json']])
  })

  test('is the same list below a base URL with a path', () => {
    const moved = serviceFromPreset(JAN, { id: 'jan', baseUrls: ['http://127.0.0.1:9000/api/v1'] })
    expect(moved.modelLists?.[0]?.paths).toEqual(['GET,HEAD /api/v1/models'])
  })
})
