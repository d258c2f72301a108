import { describe, expect, test } from 'vitest'
import { SecretProgram } from '../support/secret-programs.ts'
import { referredWorld } from './referred-fixture.ts'

/** What a page's retries cost where its key cannot be had, through the host and attendant as a browser starts them. */
const KEY = 'sk-retried-elsewhere-3141'
/** How long a failure is remembered, ms: see `last-fault.ts`. */
const REMEMBERED = 3000
const world = referredWorld(KEY)

describe.runIf(process.platform !== 'win32')('a page that tries again', () => {
  test('runs a program that failed once in a while, not for each call; its owner runs it at once', async () => {
    const program = new SecretProgram(world.root, 'manager', KEY, `[ -s "$VALUE" ] || exit 3`)
    program.fails()
    world.livesAt(`command:${JSON.stringify({ argv: [program.path] })}`)
    await world.open()
    const begun = performance.now()
    const failed = { page: 'credential-unavailable', owner: 'reference-program-failed' }
    for (let nth = 0; nth < 6; nth++) expect(await world.call()).toEqual(failed)
    const spans = Math.ceil((performance.now() - begun) / REMEMBERED)
    expect(program.runs).toBeLessThanOrEqual(spans)
    const before = program.runs
    expect(await world.test()).toBe('key-unavailable')
    expect(program.runs).toBe(before + 1)
    program.is(KEY)
    // The server of these tests answers everybody.
    expect(await world.test()).toBe('no-key-needed')
    // What the owner's test fetched is there for the page too.
    expect(await world.call()).toBe('sent')
    expect(world.arrived()).toHaveLength(3)
  })
})
