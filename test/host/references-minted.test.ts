import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeLauncher } from '../support/launched-host.ts'
import { refer, SecretProgram } from '../support/secret-programs.ts'
import { CLI } from './cli-fixture.ts'
import { mintedWorld } from './minted-fixture.ts'

/** Tokens that are made from a secret which lives elsewhere, through the host as a browser starts it. */
const world = mintedWorld()
const KEY = 'client-secret-elsewhere-4711'
const NEXT = 'client-secret-rotated-0815'
const POSIX = process.platform !== 'win32'

let root: string
let program: SecretProgram
/** What the token server takes. */
let right: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  program = new SecretProgram(root, 'manager', KEY)
  right = KEY
  world.api.refuse = () => {
    const proof = `Basic ${Buffer.from(`client-1:${right}`).toString('base64')}`
    return world.api.asked.at(-1)?.authorization === proof ? null : { error: 'invalid_client' }
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function connected() {
  refer(world.vault, 'api', 'client-secret', `command:["${program.path}"]`)
  return world.connected(writeLauncher(root, CLI, world.vault.home, root))
}

test.runIf(POSIX)('a secret that changed is fetched again when the token server refuses it', async () => {
  const { ask } = await connected()
  await ask('/v1/a').text()
  program.is(NEXT)
  right = NEXT
  // As if its time were over.
  world.vault.store.run('DELETE FROM minted_tokens')
  const body = '{"kept":true}'
  const call = ask('/v1/b', { method: 'POST', body, headers: [['content-type', 'application/json']] })
  expect((await call.ended()).type).toBe('end')
  expect(JSON.parse(await call.text())).toMatchObject({ body, token: '[redacted]' })
  expect(program.runs).toBe(2)
  expect(world.api.calls()).toBe(2)
})

test.runIf(POSIX)(
  'a secret that is still the same is not fetched at every call that the token server refuses',
  async () => {
    right = 'another one'
    const { ask } = await connected()
    for (let nth = 0; nth < 3; nth++) {
      expect(await ask('/v1/a').ended()).toMatchObject({ code: 'credential-unavailable' })
      expect(world.problems().at(-1)).toBe('token-invalid-client')
    }
    expect(program.runs).toBe(2)
    expect(world.api.calls()).toBe(0)
  },
)
