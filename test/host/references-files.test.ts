import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFailed, test } from 'vitest'
import { SecretProgram } from '../support/secret-programs.ts'
import { referredWorld } from './referred-fixture.ts'

/** A secret in a file, where something else is in its place by now. */
const KEY = 'sk-in-a-file-4711'
const world = referredWorld(KEY)

test.runIf(process.platform === 'linux')('a pipe in the place of a key file holds up nobody', async () => {
  const path = join(world.root, 'key')
  // Whoever waits at the pipe goes on then.
  onTestFailed(() => closeSync(openSync(path, constants.O_RDWR | constants.O_NONBLOCK)))
  writeFileSync(path, KEY, { mode: 0o600 })
  world.livesAt(`file:${path}`)
  await world.open()
  rmSync(path)
  execFileSync('mkfifo', ['-m', '600', path])
  const unsafe = { page: 'credential-unavailable', owner: 'reference-file-unsafe' }
  expect(await world.call()).toEqual(unsafe)
  // Those who need the same attendant get what they want, and a lock ends it.
  world.livesAt(`command:["${new SecretProgram(world.root, 'manager', KEY).path}"]`)
  expect(await world.call()).toBe('sent')
  await world.lock()
  expect(world.arrived()).toEqual([`Bearer ${KEY}`])
})
