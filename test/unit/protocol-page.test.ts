import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PROBLEMS } from '../../shared/model/problem.ts'
import { CallFrameToHostSchema, CallFrameToPageSchema } from '../../shared/protocol/call-frames.ts'
import * as limits from '../../shared/protocol/limits.ts'
import { REFUSALS } from '../../shared/protocol/refusals.ts'

const page = readFileSync(new URL('../../shared/protocol/README.md', import.meta.url), 'utf8')

/** What a frame's `type` may be, from its schema. */
function typesOf(schema: { def: { options: readonly unknown[] } }): string[] {
  return schema.def.options.map((option) => {
    const { shape } = option as { shape: { type: { def: { values: string[] } } } }
    return shape.type.def.values[0] ?? ''
  })
}

describe('the page on the wires', () => {
  test('names every problem with its status, and no other', () => {
    const said = Object.entries(PROBLEMS).map(([code, { status }]) => `\`${code}\` ${status}`)
    for (const each of said) expect(page).toContain(each)
    expect(page.match(/`[a-z-]+` [45]\d\d/g)).toHaveLength(said.length)
  })

  test('names every refusal', () => {
    const codes = page.slice(page.indexOf('**Refusals**'))
    for (const code of REFUSALS) expect(codes).toContain(`\`${code}\``)
  })

  test('names every frame of a call', () => {
    const types = [...typesOf(CallFrameToHostSchema), ...typesOf(CallFrameToPageSchema)]
    expect(types).toContain('body-end')
    for (const type of types) expect(page).toContain(`\`${type}\``)
  })

  test.each([
    [limits.MAX_FRAME_FROM_HOST, 1_000_000, '1 000 000 bytes'],
    [limits.MAX_FRAME_TO_HOST, 4 * 1024 ** 2, '4 MiB'],
    [limits.CHUNK_BYTES, 128 * 1024, '128 KiB'],
    [limits.WINDOW_BYTES, 1024 ** 2, '1 MiB'],
    [limits.CREDIT_BYTES, 256 * 1024, '256 KiB'],
    [limits.MAX_REQUEST_BODY, 512 * 1024 ** 2, '512 MiB'],
    [limits.MAX_PARSED_BODY, 32 * 1024 ** 2, '32 MiB'],
    [limits.MAX_URL, 16_384, '16 384 characters'],
    [limits.MAX_HEADERS, 100, '100, of 16 384 characters each'],
    [limits.MAX_HEADER_VALUE, 16_384, '16 384 characters each'],
    [limits.MAX_CALLS_PER_DOCUMENT, 200, '| 200:'],
    [limits.CATCHLIST_WAIT_MS, 10_000, '10 s'],
  ])('tells a limit of %d as it is', (limit, known, words) => {
    expect(limit).toBe(known)
    expect(page).toContain(words)
  })
})
