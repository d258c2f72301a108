import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChain } from '../../native-host/audit/chain.ts'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { listSessions, startSession } from '../../native-host/sessions/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { openStore } from '../../native-host/store/store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import { aCapability, aGrant, callRecord, refusalOf } from '../unit/vault-fixture.ts'

const root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
const why = mountSmall()

/** Null where a small file system is mounted; else why not. */
function mountSmall(): string | null {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0)
    return 'mounting a small disk needs Linux and root'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', root], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `a small disk cannot be mounted here: ${error instanceof Error ? error.message : error}`
  }
}

beforeAll(() => {
  if (why !== null) process.stderr.write(`skipped, full disk: ${why}\n`)
})
afterAll(() => {
  if (why === null) execFileSync('umount', [root])
  rmSync(root, { recursive: true, force: true })
})

/** Take all the room there is. */
function fill(): void {
  for (const size of [65_536, 4096, 512, 1])
    for (;;)
      try {
        writeFileSync(join(root, 'filler'), Buffer.alloc(size), { flag: 'a' })
      } catch {
        break
      }
}

test.skipIf(why !== null)(
  'on a full disk no intent is recorded and no permit given; with room again all goes on',
  () => {
    const home = join(root, 'home')
    const keys = createKeys(Buffer.alloc(32, 5))
    const store = openStore(home)
    startChain(store, keys)
    const [capability, grant] = [aCapability(), aGrant()]
    putCapability(store, keys, capability)
    putGrant(store, keys, grant)
    const session = startSession(store, keys, { grant, capability, ttl: 3600, now: Date.now() })
    const ask = (): string =>
      refusalOf(() => {
        const record = callRecord({ session: session.id })
        const permit = recordIntent(store, keys, { session: session.id, capability, now: Date.now(), record })
        if ('refused' in permit) throw new Error(permit.refused)
      })
    fill()
    const answers: string[] = []
    while (answers.filter((answer) => answer !== 'nothing').length < 50 && answers.length < 5000)
      answers.push(ask())
    const first = answers.indexOf('disk-full')
    expect(first).toBeGreaterThanOrEqual(0)
    expect(new Set(answers.slice(first))).toEqual(new Set(['disk-full']))
    expect(listSessions(store, keys, Date.now() + 5000)).toMatchObject([{ requests: first, endReason: null }])
    expect(verifyAudit(store, keys)).toEqual({ ok: true, records: first })
    rmSync(join(root, 'filler'))
    expect(ask()).toBe('nothing')
    expect(listAudit(store, keys, { limit: 5000 })).toHaveLength(first + 1)
    store.close()
  },
)

test.skipIf(why !== null)('a vault cannot be made on a full disk, and nothing of one is left', () => {
  fill()
  expect(refusalOf(() => openStore(join(root, 'second')))).toBe('disk-full')
  rmSync(join(root, 'filler'))
  openStore(join(root, 'second')).close()
  expect(readFileSync(join(root, 'second', 'valetkey.db')).length).toBeGreaterThan(0)
})

test.skipIf(why !== null)('with whatever room there is left, a vault is made whole or not at all', () => {
  const seen = new Set<string>()
  for (let room = 0; room <= 480; room += 12) {
    const home = join(root, `room-${room}`)
    writeFileSync(join(root, 'kept'), Buffer.alloc(room * 1024))
    fill()
    rmSync(join(root, 'kept'))
    const answer = refusalOf(() => openStore(home).close())
    seen.add(answer)
    rmSync(join(root, 'filler'))
    // Made anew, or opened: never damaged.
    const store = openStore(home)
    expect(store.all('SELECT * FROM slots'), `${room} KiB`).toEqual([])
    store.close()
    rmSync(home, { recursive: true })
  }
  expect(seen).toEqual(new Set(['disk-full', 'nothing']))
})
