import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startChain } from '../../native-host/audit/chain.ts'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { listSessions, startSession } from '../../native-host/sessions/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import { smallDisk } from '../support/small-disk.ts'
import { aCapability, aGrant, callRecord, refusalOf } from '../unit/vault-fixture.ts'

const disk = smallDisk('8m')
const root = disk.folder
afterAll(() => disk.remove())

test.skipIf(disk.why !== null)(
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
    disk.fill()
    const answers: string[] = []
    while (answers.filter((answer) => answer !== 'nothing').length < 50 && answers.length < 5000)
      answers.push(ask())
    const first = answers.indexOf('disk-full')
    expect(first).toBeGreaterThanOrEqual(0)
    expect(new Set(answers.slice(first))).toEqual(new Set(['disk-full']))
    expect(listSessions(store, keys, Date.now() + 5000)).toMatchObject([{ requests: first, endReason: null }])
    expect(verifyAudit(store, keys)).toEqual({ ok: true, records: first })
    disk.makeRoom()
    expect(ask()).toBe('nothing')
    expect(listAudit(store, keys, { limit: 5000 })).toHaveLength(first + 1)
    store.close()
  },
)

test.skipIf(disk.why !== null)('a vault cannot be made on a full disk, and nothing of one is left', () => {
  disk.fill()
  expect(refusalOf(() => openStore(join(root, 'second')))).toBe('disk-full')
  disk.makeRoom()
  openStore(join(root, 'second')).close()
  expect(readFileSync(join(root, 'second', 'valetkey.db')).length).toBeGreaterThan(0)
})

test.skipIf(disk.why !== null)(
  'with whatever room there is left, a vault is made whole or not at all',
  () => {
    const seen = new Set<string>()
    for (let room = 0; room <= 480; room += 12) {
      const home = join(root, `room-${room}`)
      writeFileSync(join(root, 'kept'), Buffer.alloc(room * 1024))
      disk.fill()
      rmSync(join(root, 'kept'))
      const answer = refusalOf(() => openStore(home).close())
      seen.add(answer)
      disk.makeRoom()
      // Made anew, or opened: never damaged.
      const store = openStore(home)
      expect(store.all('SELECT * FROM slots'), `${room} KiB`).toEqual([])
      store.close()
      rmSync(home, { recursive: true })
    }
    expect(seen).toEqual(new Set(['disk-full', 'nothing']))
  },
)
