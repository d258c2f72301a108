import { type SituationServer, startSituationServer } from '../../support/pages/situation-server.ts'
import { startFlowUpstream } from '../../support/upstreams/flow-upstream.ts'
import { headerOf } from '../../support/upstreams/journal.ts'
import type { LoopbackServer } from '../../support/upstreams/loopback-server.ts'
import { type Scene, SITES } from '../scene.ts'

/** What a page sends where its key should be. */
export const PLACEHOLDER = 'sk-placeholder-of-the-page'

/** The origins of the stage: all of one server but `port`. */
export interface Sites {
  /** Has the grant. */
  bank: string
  /** Has a grant of another service, so that our scripts run there. */
  other: string
  /** Has the grant in a frame of `bank`, and only there. */
  widget: string
  /** The name of `bank` at another port. */
  port: string
  /** A name below `bank`'s. */
  sub: string
  /** Looks like `bank` and is written in another alphabet. */
  twin: string
  /** `bank`'s name with the dot of the root. */
  dot: string
}

/** With a Cyrillic letter. */
const TWIN = 'xn--bnk-6cd.localhost'

/** What the browser permits from the start: more than is granted, so that it is the grant that decides. */
export const PERMITTED = [
  ...SITES,
  ...['bank.localhost', 'other.localhost', 'sub.bank.localhost', TWIN].map((name) => `http://${name}`),
]

/** An API, the sites that call it, and the owner's grants. */
export interface PageSide {
  readonly upstream: LoopbackServer
  readonly server: SituationServer
  readonly sites: Sites
  /** What the call of a case came to; empty: nothing yet. */
  outcome(name: string): string
  /** Who sent the calls of a case: the host with the key, or a page with its placeholder. */
  senders(name: string): ('host' | 'page')[]
  close(): Promise<void>
}

/** Set it up for a scene whose stage is there. */
export async function openPageSide(scene: Scene): Promise<PageSide> {
  const key = scene.canary('bank', 'sk-')
  const upstream = await startFlowUpstream(key)
  const small = `${upstream.url}/v1/small`
  const server = await startSituationServer(small, PLACEHOLDER)
  const elsewhere = await startSituationServer(small, PLACEHOLDER)
  const sites: Sites = {
    bank: server.originAs('bank.localhost'),
    other: server.originAs('other.localhost'),
    widget: server.originAs('127.0.0.1'),
    port: elsewhere.originAs('bank.localhost'),
    sub: server.originAs('sub.bank.localhost'),
    twin: server.originAs(TWIN),
    dot: server.originAs('bank.localhost.'),
  }
  await grantAll(scene, sites, upstream.url, key)
  return {
    upstream,
    server,
    sites,
    outcome: (name) => server.outcomes.get(name) ?? elsewhere.outcomes.get(name) ?? '',
    senders(name) {
      const target = `/v1/small?case=${encodeURIComponent(name)}`
      const calls = upstream.journal.calls.filter((arrival) => arrival.target === target)
      return calls.map((call) => (headerOf(call, 'authorization')?.includes(PLACEHOLDER) ? 'page' : 'host'))
    },
    async close() {
      await Promise.all([upstream.close(), server.close(), elsewhere.close()])
    },
  }
}

async function grantAll(scene: Scene, sites: Sites, api: string, key: string): Promise<void> {
  const { valetkey } = scene.stage
  for (const [id, path] of [
    ['clock', 'v1'],
    ['elsewhere', 'elsewhere'],
  ] as const) {
    const base = ['--base-url', `${api}/${path}`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', id, ...base], key)
    await valetkey.ask(['capability', 'add', id, '--service', id, '--allow', `* /${path}/**`])
  }
  await scene.grant(sites.bank, 'clock')
  await scene.grant(sites.other, 'elsewhere')
  await scene.grant(sites.widget, 'clock', '--top-origin', sites.bank)
}
