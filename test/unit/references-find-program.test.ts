import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkProgram, isTrusted } from '../../native-host/references/find-program.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A program in a folder of its own, with the folder's mode and group. Only root may give a group away. */
function programIn(mode: number, group: number): string {
  const folder = join(root, 'bin')
  mkdirSync(folder)
  writeFileSync(join(folder, 'manager'), '#!/bin/sh\n', { mode: 0o755 })
  chownSync(folder, -1, group)
  chmodSync(folder, mode)
  return join(folder, 'manager')
}

test.runIf(process.geteuid?.() === 0).each([
  [0o755, 4711, true],
  [0o775, 0, true],
  [0o775, 4711, false],
  [0o1775, 4711, true],
  [0o777, 0, false],
])('a program in a folder of mode %o and group %d may run: %s', (mode, group, may) => {
  const path = programIn(mode, group)
  if (may) expect(checkProgram(path)).toContain('manager')
  else expect(() => checkProgram(path)).toThrow(/can be changed by others/)
})

test.each([
  // Everybody of a Mac is in group 20.
  ['darwin', 501, 20, { 0: true, 20: false, 80: true, 501: false }],
  ['linux', 1000, 1000, { 0: true, 50: true, 80: false, 1000: true, 1001: false }],
  // All users in one group.
  ['linux', 1000, 100, { 0: true, 100: false, 1000: false }],
  ['freebsd', 1001, 1001, { 0: true, 50: false, 1001: false }],
] as const)('on %s, to user %d of group %d, groups are trusted: %o', (platform, uid, gid, groups) => {
  const found = Object.keys(groups).map((group) => [group, isTrusted(Number(group), { platform, uid, gid })])
  expect(Object.fromEntries(found)).toEqual(groups)
})
