import { broker } from '../../../native-host/broker/broker.ts'
import type { Call } from '../../../native-host/broker/call.ts'
import type { PageContext } from '../../../native-host/broker/context.ts'
import { Inventory } from '../../../native-host/broker/inventory.ts'
import { ParkedCalls } from '../../../native-host/broker/parked-calls.ts'
import { fetcher, fetchNothingHere } from '../../../native-host/references/fetcher.ts'
import { References } from '../../../native-host/references/references.ts'
import { Live } from '../../../native-host/sessions/live.ts'
import { findCapability } from '../../../native-host/store/capabilities.ts'
import { createUpstream, type Upstream } from '../../../native-host/upstream/send.ts'
import { dateKeys } from '../../../native-host/vault/lock.ts'
import { OwnedVault } from '../../../test/support/owned-vault.ts'

const SITE = 'https://calls.example'
const BASE = 'https://api.example.com/v1'
const ANSWER = Buffer.from('{"object":"small","answer":"here"}')

/**
 * The broker on a real vault with its durable log, and a service that has answered already: a stand-in, because what the network
 * takes is not what is asked here.
 *
 * @param folder where the vault goes.
 */
export async function brokerAlone(
  folder: string,
): Promise<{ call(): Promise<void>; close(): Promise<void> }> {
  const vault = await OwnedVault.create(folder)
  vault.addService('model', BASE, 'sk-of-the-bench-0123456789-abcdef', { local: null })
  vault.addCapability('chat', 'model', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  const context = contextOf(vault)
  const call = async () => {
    const reply = await broker(smallCall(), context)
    for await (const _ of reply.body);
  }
  const close = async () => {
    context.live.close()
    await context.upstream.close()
    await vault.remove()
  }
  return { call, close }
}

function contextOf({ store, keys }: OwnedVault): PageContext {
  const now = Date.now
  dateKeys(keys, 0)
  const live = new Live({ store, keys, now }, { change: () => {}, activity: () => {}, lock: () => {} })
  const upstream = answered()
  const references = new References(fetcher(fetchNothingHere, upstream))
  const [inventory, parked] = [new Inventory(store, keys), new ParkedCalls({ store, keys, now })]
  return { store, keys, now, live, inventory, upstream, references, parked }
}

function smallCall(): Call {
  const headers: [string, string][] = [['authorization', 'Bearer sk-valetkey-placeholder']]
  return {
    claimed: { method: 'GET', url: `${BASE}/small`, headers, redirect: 'follow', bodyLength: null },
    body: null,
    received: () => 0,
    abort: new AbortController(),
    witnessed: { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: 'd' },
  }
}

function answered(): Upstream {
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['content-length', String(ANSWER.length)],
  ]
  return {
    ...createUpstream(),
    send: async (_outbound, _service, { lastLook = () => {}, leaving = () => {} }) => {
      lastLook()
      leaving()
      return { status: 200, statusText: 'OK', headers, body: pieces(), destroy: () => {} }
    },
  }
}

async function* pieces() {
  yield ANSWER
}
