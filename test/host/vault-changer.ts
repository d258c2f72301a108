import { recordIntent } from '../../native-host/audit/permit.ts'
import { recordOutcome } from '../../native-host/audit/write-audit.ts'
import * as grants from '../../native-host/owner/grants.ts'
import * as services from '../../native-host/owner/services.ts'
import * as sessions from '../../native-host/owner/sessions.ts'
import { liveSessions } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import type { Store } from '../../native-host/store/store.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import type { VaultKeys } from '../../native-host/vault/keys.ts'
import { addSlot, createVault, listSlots, removeSlot } from '../../native-host/vault/slots.ts'
import { callRecord, NAMES, outcomeRecord } from '../unit/vault-fixture.ts'

/**
 * A process that makes one change to a vault, or one after the other, until it is killed. Each change is named on stdout
 * after it was acknowledged, never before.
 *
 * Arguments: home, data key in hex (empty where the vault is yet to be made), a change or `mixed`, a key file.
 */
const [home = '', dataKey = '', wanted = '', keyFile = ''] = process.argv.slice(2)

const CHANGES: Record<string, (store: Store, keys: VaultKeys) => unknown> = {
  'service-add': (store, keys) =>
    services.addFromPreset(owner(store, keys), {
      id: 'added',
      preset: 'openai',
      secrets: new Map([['token', Buffer.from('sk-added-0123456789abcdef')]]),
      capabilities: ['openai-chat'],
    }),
  'service-rotate': (store, keys) =>
    services.rotate(
      owner(store, keys),
      NAMES.service,
      new Map([[NAMES.secretName, Buffer.from('sk-rotated-01')]]),
    ),
  'service-remove': (store, keys) => services.remove(owner(store, keys), NAMES.service),
  'slot-add': (store, keys) => addSlot(store, keys, { kind: 'key-file', path: keyFile }),
  'slot-remove': (store) => {
    const slot = listSlots(store).find(({ kind }) => kind === 'recovery')
    removeSlot(store, slot?.id ?? '')
  },
  'grant-add': (store, keys) =>
    grants.add(owner(store, keys), {
      origin: 'https://added.example',
      topOrigin: 'https://added.example',
      capability: NAMES.capability,
      ttl: 60,
    }),
  revoke: (store, keys) => sessions.revokeAll(owner(store, keys)),
  'revoke-added': (store, keys) => sessions.revokeOrigin(owner(store, keys), 'https://added.example'),
  call: (store, keys) => call(store, keys),
}

function owner(store: Store, keys: VaultKeys) {
  return { store, keys, now: Date.now, by: 'cli' as const }
}

/** A call from its intent to its outcome. */
function call(store: Store, keys: VaultKeys): void {
  const session = liveSessions(store, keys, NAMES.origin, NAMES.top, Date.now())[0] ?? null
  const capability = findCapability(store, keys, NAMES.capability)
  if (session === null || capability === null) throw new Error('no session')
  const record = callRecord({ session: session.id })
  const permit = recordIntent(store, keys, { session: session.id, capability, now: Date.now(), record })
  if ('refused' in permit) throw new Error(permit.refused)
  recordOutcome(store, keys, outcomeRecord({ intent: record.id, at: Date.now() }), session.id)
}

async function main(): Promise<void> {
  const store = openStore(home)
  if (wanted === 'init') {
    await createVault(store, { kind: 'key-file', path: keyFile })
  } else {
    const keys = createKeys(Buffer.from(dataKey, 'hex'))
    for (let count = 0; ; count += 1) {
      const name = wanted === 'mixed' ? (MIXED[count % MIXED.length] as string) : wanted
      await CHANGES[name]?.(store, keys)
      process.stdout.write(`${name}\n`)
      if (wanted !== 'mixed') break
    }
  }
  store.close()
}

/** A round that can be gone again and again. */
const MIXED = ['call', 'service-rotate', 'slot-add', 'call', 'grant-add', 'call', 'revoke-added']

await main()
