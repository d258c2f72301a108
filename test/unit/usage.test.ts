import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usageReaderFor } from '../../native-host/broker/usage.ts'
import type { Tokens } from '../../shared/model/audit-record.ts'
import { done, times } from '../support/hard.ts'
import { ANSWERS, STREAMS, sse } from './usage-answers.ts'

const JSON_TYPE = 'application/json'
const SSE_TYPE = 'text/event-stream; charset=utf-8'

/** What a reader says after these pieces. */
function read(type: string, pieces: readonly Uint8Array[]): Tokens | null {
  const reader = usageReaderFor(type)
  if (reader === null) throw new Error('no reader')
  for (const piece of pieces) reader.push(piece)
  return reader.end()
}

const json = (value: unknown): Tokens | null => raw(JSON.stringify(value))
const raw = (text: string): Tokens | null => read(JSON_TYPE, [Buffer.from(text)])
const stream = (text: string): Tokens | null => read(SSE_TYPE, [Buffer.from(text)])

/** Every way to cut bytes in two, and byte by byte. */
function everyCut(bytes: Buffer): Uint8Array[][] {
  const twos = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])
  return [...twos, Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]
}

describe('answers of the three families', () => {
  test.each(ANSWERS)('$name, whole and cut at every byte', ({ body, tokens }) => {
    const bytes = Buffer.from(body)
    const cuts = everyCut(bytes)
    for (const pieces of cuts) expect(read(JSON_TYPE, pieces)).toEqual(tokens)
    done('JSON answers with usage read, cut at a byte', cuts.length)
  })

  test.each(STREAMS)('$name, as a stream, whole and cut at every byte', ({ body, tokens }) => {
    for (const breaks of ['\n', '\r\n', '\r']) {
      const cuts = everyCut(Buffer.from(body.replaceAll('\n', breaks)))
      for (const pieces of cuts) expect(read(SSE_TYPE, pieces)).toEqual(tokens)
      done('event streams with usage read, cut at a byte', cuts.length)
    }
  })

  test.each(STREAMS.filter(({ tokens }) => tokens !== null))(
    '$name, broken off anywhere, never says less than it used',
    ({ body, tokens }) => {
      const bytes = Buffer.from(body)
      for (let at = 0; at < bytes.length; at++) {
        const said = read(SSE_TYPE, [bytes.subarray(0, at)])
        if (said !== null) expect(said.output).toBeGreaterThanOrEqual(tokens?.output ?? 0)
      }
    },
  )

  test.each(ANSWERS)('$name, broken off anywhere, says nothing', ({ body }) => {
    const bytes = Buffer.from(body.trimEnd())
    for (let at = 0; at < bytes.length; at++) expect(read(JSON_TYPE, [bytes.subarray(0, at)])).toBeNull()
  })
})

describe('what is not the usage of the answer', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  const text = JSON.stringify({ usage })

  test.each([
    ['text of an answer', { choices: [{ message: { content: text } }] }],
    ['deeper in a list of the answer', { choices: [{ usage }] }],
    ['deeper in the answer', { data: { usage } }],
    ['in a list', { usage: [usage] }],
    ['in a request that came back', { request: { usage } }],
    ['in a message of something else', { echo: { message: { usage } } }],
    ['in a usage', { usage: { usage } }],
    ['deeper in a response', { response: { data: { usage } } }],
    ['no object', { usage: 'prompt_tokens' }],
    ['empty', { usage: {} }],
    ['one side only', { usage: { completion_tokens: 5 } }],
    ['null', { usage: null }],
    ['details alone', { usage: { prompt_tokens_details: { prompt_tokens: 1, completion_tokens: 1 } } }],
  ])('%s', (_, value) => {
    expect(json(value)).toBeNull()
  })

  test('what stands deeper takes nothing from the usage of the answer', () => {
    const real = { prompt_tokens: 70, completion_tokens: 90 }
    for (const deeper of [{ data: { usage } }, { choices: [{ usage }] }, { echo: { message: { usage } } }]) {
      expect(json({ ...deeper, usage: real })).toEqual({ input: 70, output: 90 })
      expect(json({ usage: real, ...deeper })).toEqual({ input: 70, output: 90 })
    }
  })

  test('text with quotes and braces in a stream is text', () => {
    const event = { choices: [{ delta: { content: `"}],"usage":${JSON.stringify(usage)},"x":[{"` } }] }
    expect(stream(sse(event))).toBeNull()
    const real = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 } }
    expect(stream(`${sse(event, real)}data: [DONE]\n\n`)).toEqual({ input: 7, output: 9 })
  })

  test('a key may be escaped, as every reader would take it', () => {
    expect(raw('{"us\\u0061ge":{"prompt\\u005ftokens":3,"completion_tokens":4}}')).toEqual({
      input: 3,
      output: 4,
    })
  })

  test('no reader for what is neither JSON nor an event stream', () => {
    for (const type of [null, '', 'text/plain', 'application/x-ndjson', 'application/json; charset=utf-16'])
      expect(usageReaderFor(type)).toBeNull()
  })
})

describe('numbers that are not believed', () => {
  test.each(['-1', '1.5', '1e3', '1e999', '99999999999', '"5"', 'true', '[5]', '{"n":5}', '01', '5x', '-0'])(
    '%s',
    (value) => {
      expect(raw(`{"usage":{"prompt_tokens":${value},"completion_tokens":4,"total_tokens":9}}`)).toBeNull()
      expect(raw(`{"usage":{"prompt_tokens":4,"completion_tokens":${value}}}`)).toBeNull()
      // Not taken from the total either, which would otherwise say it.
      expect(raw(`{"usage":{"prompt_tokens":4,"completion_tokens":${value},"total_tokens":9}}`)).toBeNull()
    },
  )

  test.each([
    ['a counter twice', '{"usage":{"prompt_tokens":1,"completion_tokens":1,"completion_tokens":9}}'],
    [
      'twice, once escaped',
      '{"usage":{"prompt_tokens":1,"completion_tokens":1,"c\\u006fmpletion_tokens":9}}',
    ],
    [
      'usage twice',
      '{"usage":{"prompt_tokens":9,"completion_tokens":9},"usage":{"prompt_tokens":1,"completion_tokens":1}}',
    ],
    ['null, then usage', '{"usage":null,"usage":{"prompt_tokens":1,"completion_tokens":1}}'],
    [
      'in two places',
      '{"usage":{"input_tokens":1,"output_tokens":1},"response":{"usage":{"input_tokens":9,"output_tokens":9}}}',
    ],
    ['bytes after it', '{"usage":{"prompt_tokens":1,"completion_tokens":1}} {}'],
    ['no end', '{"usage":{"prompt_tokens":1,"completion_tokens":1}'],
    ['a comma too many', '{"usage":{"prompt_tokens":1,"completion_tokens":1},}'],
    ['the wrong bracket', '{"usage":{"prompt_tokens":1,"completion_tokens":1}]'],
    [
      'too deep',
      `{"a":${'['.repeat(70)}${']'.repeat(70)},"usage":{"prompt_tokens":1,"completion_tokens":1}}`,
    ],
  ])('%s', (_, text) => {
    expect(raw(text)).toBeNull()
  })

  test('a member named like nothing we know changes nothing, however long', () => {
    const long = 'k'.repeat(5000)
    expect(json({ [long]: long, usage: { prompt_tokens: 2, completion_tokens: 3, [long]: long } })).toEqual({
      input: 2,
      output: 3,
    })
  })

  test.each([
    ['one event that is no JSON', `data: {"choices":\n\n`],
    [
      'an error in the stream',
      `event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n`,
    ],
    ['an event that contradicts itself', `data: {"usage":{"prompt_tokens":1,"prompt_tokens":2}}\n\n`],
  ])('%s makes all of it unknown', (_, event) => {
    const last = `${sse({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 9 } })}data: [DONE]\n\n`
    expect(stream(last)).toEqual({ input: 7, output: 9 })
    expect(stream(event + last)).toBeNull()
  })

  test('what more a total has than its parts is output', () => {
    expect(json({ usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 100 } })).toEqual({
      input: 5,
      output: 95,
    })
  })
})

test('JSON of any shape is read like JSON.parse does, or not at all', () => {
  let read = 0
  const count = fc.nat({ max: 1_000_000 })
  const usage = fc.record({ prompt_tokens: count, completion_tokens: count, extra: fc.jsonValue() })
  const answer = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), usage, fc.nat())
  fc.assert(
    fc.property(answer, ([members, said, seed]) => {
      const value = { ...members, usage: said, tail: members }
      const bytes = Buffer.from(JSON.stringify(value))
      const at = seed % (bytes.length + 1)
      const reader = usageReaderFor(JSON_TYPE)
      reader?.push(bytes.subarray(0, at))
      reader?.push(bytes.subarray(at))
      const tokens = reader?.end() ?? null
      const others = ['response', 'message', 'usageMetadata'].filter((key) => key in members)
      if (others.length === 0) {
        expect(tokens).toEqual({ input: said.prompt_tokens, output: said.completion_tokens })
        read += 1
      }
    }),
    { numRuns: times(300, 20_000) },
  )
  done('generated JSON answers read for their usage', read)
})

test('an endless answer takes no memory: nothing of it is kept', () => {
  const reader = usageReaderFor(SSE_TYPE)
  const chunk = Buffer.from(sse({ choices: [{ delta: { content: 'x'.repeat(60_000) } }] }))
  const whole = Buffer.from(`data: "${'y'.repeat(1_000_000)}`)
  const before = process.memoryUsage()
  for (let n = 0; n < 300; n += 1) reader?.push(chunk)
  for (let n = 0; n < 50; n += 1) reader?.push(whole)
  const after = process.memoryUsage()
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(40_000_000)
})
