import { broker } from '../../native-host/broker/broker.ts'
import type { Call } from '../../native-host/broker/call.ts'
import type { PageContext } from '../../native-host/broker/context.ts'
import { Inventory } from '../../native-host/broker/inventory.ts'
import { ParkedCalls } from '../../native-host/broker/parked-calls.ts'
import { isJsonContent } from '../../native-host/policy/json-content.ts'
import { Problem } from '../../native-host/problem.ts'
import { fetcher, fetchNothingHere } from '../../native-host/references/fetcher.ts'
import { References } from '../../native-host/references/references.ts'
import { Live } from '../../native-host/sessions/live.ts'
import { putCapability } from '../../native-host/store/capabilities.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import { createUpstream } from '../../native-host/upstream/send.ts'
import { dateKeys } from '../../native-host/vault/lock.ts'
import type { GeneratedAsk } from '../property/policy-asks.ts'
import type { World } from '../property/policy-world.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { answerOf, type RawUpstream, startRawUpstream } from '../support/upstreams/raw-upstream.ts'
import { readWireRequest, type WireRequest } from '../support/upstreams/read-requests.ts'

const SITE = 'https://agent.example'
/** How long an ask may wait for the owner before it is given up, ms. */
const GIVE_UP = 5

/** The real broker, store and upstream room in this process, and the socket that everything is sent to. */
export interface WireScene {
  readonly vault: OwnedVault
  /** `http://127.0.0.1:port` of a server that answers every whole request and records bytes. */
  readonly url: string
  /** Let these be the one service, its key and the one capability of the site's session. */
  enter(world: World, key: string): void
  /** Send an ask through the broker: null where it was answered, else the reason it was refused for. */
  send(ask: GeneratedAsk, isAsked: boolean): Promise<string | null>
  /** Everything that arrived since the last look: the one request of it, or null for no byte at all. */
  arrived(): WireRequest | null
  close(): Promise<void>
}

/** Set the scene up. The first world has the session; those after it take its place. */
export async function startWireScene(): Promise<WireScene> {
  const vault = await OwnedVault.create()
  const upstream = await startRawUpstream((socket, all) => {
    const read = readWireRequest(all)
    if (read === null) return
    const isHead = read.request.method === 'HEAD'
    socket.write(isHead ? answerOf('').replace('length: 0', 'length: 2') : answerOf('ok'))
  })
  const context = contextOf(vault)
  let isConnected = false
  return {
    vault,
    url: upstream.url,
    enter({ service, capability }, key) {
      putService(vault.store, vault.keys, service)
      putSecret(vault.store, vault.keys, service.id, 'token', Buffer.from(key))
      putCapability(vault.store, vault.keys, capability)
      if (!isConnected) vault.connect(SITE, capability, 86_400)
      isConnected = true
      context.inventory.forget()
    },
    send: (ask, isAsked) => send(ask, isAsked, context),
    arrived: () => arrived(upstream),
    async close() {
      context.live.close()
      await context.upstream.close()
      await upstream.close()
      await vault.remove()
    },
  }
}

function contextOf({ store, keys }: OwnedVault): PageContext {
  const now = Date.now
  dateKeys(keys, 0)
  const live = new Live({ store, keys, now }, { change: () => {}, activity: () => {}, lock: () => {} })
  const parked = new ParkedCalls({ store, keys, now })
  const inventory = new Inventory(store, keys)
  const upstream = createUpstream()
  const references = new References(fetcher(fetchNothingHere, upstream))
  return { store, keys, now, live, inventory, upstream, references, parked }
}

function callOf({ body, ...claimed }: GeneratedAsk, abort: AbortController): Call {
  // Half of the bodies that nothing reads come without a length, as streams do.
  const type = claimed.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null
  const isStream = body !== null && body.length % 2 === 1 && !isJsonContent(type)
  return {
    claimed: {
      ...claimed,
      headers: claimed.headers.map(([name, value]): [string, string] => [name, value]),
      redirect: 'follow',
      bodyLength: body === null || isStream ? null : body.length,
    },
    body: body === null ? null : pieces(body),
    received: () => body?.length ?? 0,
    abort,
    witnessed: { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: 'd' },
  }
}

async function* pieces(bytes: Uint8Array) {
  if (bytes.length > 0) yield bytes.subarray(0, 3)
  if (bytes.length > 3) yield bytes.subarray(3)
}

async function send(ask: GeneratedAsk, isAsked: boolean, context: PageContext): Promise<string | null> {
  const abort = new AbortController()
  const given = () => abort.abort(new Problem('approval-denied', 'given-up'))
  const giveUp = isAsked ? setTimeout(given, GIVE_UP) : undefined
  try {
    const reply = await broker(callOf(ask, abort), context)
    for await (const _ of reply.body);
    return null
  } catch (problem) {
    if (problem instanceof Problem) return problem.reason
    throw problem
  } finally {
    clearTimeout(giveUp)
  }
}

function arrived(upstream: RawUpstream): WireRequest | null {
  const all = Buffer.concat(upstream.received)
  upstream.received.fill(Buffer.alloc(0))
  if (all.length === 0) return null
  const read = readWireRequest(all)
  if (read?.length !== all.length) throw new Error(`${all.length} bytes are not one request`)
  return read.request
}
