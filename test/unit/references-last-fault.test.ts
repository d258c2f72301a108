import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReferenceFault } from '../../native-host/references/fault.ts'
import { fetchUnregistered } from '../../native-host/references/fetch-here.ts'
import type { Fetch } from '../../native-host/references/fetcher.ts'
import { PackedReference } from '../../native-host/references/packed-reference.ts'
import { readReference } from '../../native-host/references/read-reference.ts'
import { References } from '../../native-host/references/references.ts'
import { SecretProgram } from '../support/secret-programs.ts'

/** How long a fetch that failed is remembered, with real programs and a clock that moves only where the test says so. */
const KEY = 'sk-behind-a-program-1618'
const NEVER = new AbortController().signal

let root: string
let program: SecretProgram
let references: References
let now: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  program = new SecretProgram(
    root,
    'manager',
    KEY,
    `[ "$(cat)" = wrong ] && exit 3; [ -s "$VALUE" ] || exit 4`,
  )
  now = Date.now()
  references = new References(fetchUnregistered, () => now)
})
afterEach(() => {
  references.close()
  rmSync(root, { recursive: true, force: true })
})

const reference = (settings: object = {}) =>
  PackedReference.fresh(readReference(`command:${JSON.stringify({ argv: [program.path], ...settings })}`))

/** The key, or why it cannot be had. */
async function held(
  packed: PackedReference,
  options: { input?: string; afresh?: boolean; by?: References } = {},
) {
  const { input, afresh, by = references } = options
  try {
    const helper = input === undefined ? null : Buffer.from(input)
    const value = await by.hold(packed, helper, NEVER, afresh)
    value.release()
    return Buffer.from(value.secret.reveal()).toString()
  } catch (error) {
    if (error instanceof ReferenceFault) return error.reason
    throw error
  }
}

describe.runIf(process.platform !== 'win32')('a program that failed', () => {
  beforeEach(() => program.fails())

  test('is not run again by the calls right behind it, and is three seconds later', async () => {
    const packed = reference()
    for (const later of [0, 1000, 1999]) {
      now += later
      expect(await held(packed)).toBe('reference-program-failed')
      expect(program.runs).toBe(1)
    }
    program.is(KEY)
    expect(await held(packed)).toBe('reference-program-failed')
    now += 1
    expect([await held(packed), program.runs]).toEqual([KEY, 2])
  })

  test('is run again when a clock was set back', async () => {
    const packed = reference()
    await held(packed)
    now -= 1
    await held(packed)
    expect(program.runs).toBe(2)
  })

  test('is run for its owner, who may have mended it, and then for everybody', async () => {
    const packed = reference()
    await held(packed)
    expect(await held(packed, { afresh: true })).toBe('reference-program-failed')
    program.is(KEY)
    expect(await held(packed, { afresh: true })).toBe(KEY)
    expect([await held(packed), program.runs]).toEqual([KEY, 3])
  })

  test('is run for another reference, and for another helper secret', async () => {
    await held(reference())
    await held(reference())
    expect(program.runs).toBe(2)
    program.is(KEY)
    const packed = reference({ stdin: 'helper' })
    expect(await held(packed, { input: 'wrong' })).toBe('reference-program-failed')
    expect(await held(packed, { input: 'wrong' })).toBe('reference-program-failed')
    expect(program.runs).toBe(3)
    expect(await held(packed, { input: 'right' })).toBe(KEY)
  })

  test('is not remembered by a value that is fetched in its place, nor for longer than it is looked at', async () => {
    const packed = reference({ cache: 0 })
    await held(packed)
    program.is(KEY)
    now += 3000
    expect(await held(packed)).toBe(KEY)
    expect(await held(packed)).toBe(KEY)
    expect(program.runs).toBe(3)
  })
})

test('what is found at a glance is looked at again each time, and so is a call that was given up', async () => {
  for (const reason of [
    'reference-unregistered',
    'reference-file-missing',
    'reference-program-unsafe',
  ] as const) {
    let asked = 0
    const refused: Fetch = async () => {
      asked += 1
      throw new ReferenceFault(reason)
    }
    const by = new References(refused, () => now)
    const packed = reference()
    for (let nth = 1; nth <= 3; nth++) expect([await held(packed, { by }), asked]).toEqual([reason, nth])
    by.close()
  }
  const packed = reference()
  program.close()
  const abort = new AbortController()
  const waiting = references.hold(packed, null, abort.signal)
  abort.abort(new Error('gave up'))
  await expect(waiting).rejects.toThrow('gave up')
  program.open()
  expect(await held(packed)).toBe(KEY)
})
