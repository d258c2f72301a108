import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordIntent } from '../../native-host/audit/permit.ts'
import { caughtUrls } from '../../native-host/broker/caught-urls.ts'
import type { BrokerContext } from '../../native-host/broker/context.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { startSession } from '../../native-host/sessions/sessions.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putGrant } from '../../native-host/store/grants.ts'
import { Documents } from '../../native-host/transport/documents.ts'
import type { Outlet } from '../../native-host/transport/outlet.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import {
  aCapability,
  aGrant,
  callRecord,
  connected,
  NAMES,
  openVault,
  type VaultFixture,
} from './vault-fixture.ts'

const START = 1_700_000_000_000
const WITNESSED = { origin: NAMES.origin, topOrigin: NAMES.top, tabId: 1, frameId: 0, documentId: null }

let vault: VaultFixture
let now: number
let sent: FrameToBackground[]
let documents: Documents

beforeEach(() => {
  vault = openVault()
  now = START
  sent = []
  documents = new Documents({ send: (frame: FrameToBackground) => sent.push(frame) } as unknown as Outlet)
})
afterEach(() => vault.remove())

function context(): BrokerContext {
  const { store, keys } = vault
  const inventory = new Inventory(store, keys)
  return { store, keys, inventory, now: () => now } as unknown as BrokerContext
}

test('a document is told the base URLs of its live sessions, once', () => {
  connected(vault, { now })
  const open = context()
  documents.add(1, WITNESSED)
  documents.add(2, { ...WITNESSED, topOrigin: NAMES.origin })
  documents.announce(open)
  documents.announce(open)
  expect(sent).toEqual([
    { type: 'catch', document: 1, baseUrls: [NAMES.url] },
    { type: 'catch', document: 2, baseUrls: [] },
  ])
})

test('a document that opens while a session is in use is told its base URLs, however long ago the session was read', () => {
  const { session, capability } = connected(vault, { limits: { idle: 60 }, now })
  const open = context()
  expect(open.inventory.liveSessions(now)).toHaveLength(1)

  now = START + 50_000
  const record = callRecord({ session: session.id, at: now })
  recordIntent(vault.store, vault.keys, { session: session.id, capability, now, record })
  now = START + 70_000
  documents.add(1, WITNESSED)
  documents.announce(open)
  expect(sent).toEqual([{ type: 'catch', document: 1, baseUrls: [NAMES.url] }])
  expect(open.inventory.liveSessions(now)).toHaveLength(1)

  now = START + 111_000
  documents.add(2, WITNESSED)
  documents.announce(open)
  // What ran out is caught all the same, and waits for its owner.
  expect(sent.at(-1)).toEqual({ type: 'catch', document: 2, baseUrls: [NAMES.url], paused: [NAMES.url] })
})

test('a service that one of two capabilities is live for does not wait for the other', () => {
  const { grant, session } = connected(vault, { now, ttl: 10 })
  const other = aGrant({ capability: 'other', createdAt: now })
  const capability = aCapability({}, { id: 'other' })
  putCapability(vault.store, vault.keys, capability)
  putGrant(vault.store, vault.keys, other)
  startSession(vault.store, vault.keys, { grant: other, capability, ttl: 60, now })
  now = START + 20_000
  const open = context()
  expect(open.inventory.pausedGrants(now)).toEqual([grant])
  expect(caughtUrls(open)(WITNESSED)).toEqual({ baseUrls: [NAMES.url], paused: [] })
  expect(caughtUrls(open)({ ...WITNESSED, topOrigin: session.origin })).toEqual({ baseUrls: [], paused: [] })
  now = START + 70_000
  expect(caughtUrls(open)(WITNESSED)).toEqual({ baseUrls: [NAMES.url], paused: [NAMES.url] })
})
