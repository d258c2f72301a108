import { randomUUID } from 'node:crypto'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import { callRecord } from '../unit/vault-fixture.ts'

/**
 * A process that records intents of one session until it has `count` permits or is refused or killed. Each id is
 * written to stdout after it was acknowledged, never before.
 */
const [home = '', dataKey = '', session = '', count = '0'] = process.argv.slice(2)
const keys = createKeys(Buffer.from(dataKey, 'hex'))
const store = openStore(home)
const found = sessionById(store, keys, session)
const capability = found === null ? null : findCapability(store, keys, found.capability)
if (found === null || capability === null) throw new Error('no session')

for (let n = 0; n < Number(count); n += 1) {
  const id = randomUUID()
  const answer = recordIntent(store, keys, {
    session,
    capability,
    now: Date.now(),
    record: callRecord({
      id,
      at: Date.now(),
      session,
      capability: capability.id,
      service: capability.service,
      url: null,
    }),
  })
  process.stdout.write('refused' in answer ? `${answer.refused}\n` : `${id}\n`)
  if ('refused' in answer) break
}
store.close()
