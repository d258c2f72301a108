import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { listApprovals } from '../../native-host/sessions/approval-rows.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import type { ApprovalAnswer, ApprovalSummary } from '../../shared/model/approval.ts'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { makeCanary, searchFor } from '../support/canary.ts'
import { eventually } from '../support/eventually.ts'
import { type AskOptions, NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import {
  type LoopbackServer,
  readBody,
  sendJson,
  startLoopbackServer,
} from '../support/upstreams/loopback-server.ts'

/** A placeholder as a page sends it. */
export const PLACEHOLDER: [string, string] = ['Authorization', 'Bearer sk-valetkey-placeholder']
export const SITE = 'https://agent.example'
const CANARY = makeCanary('bearer', 'sk-canary-')
const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))
const CLOCK = fileURLToPath(new URL('../support/movable-clock.ts', import.meta.url))

/** A document of a site in one host, with a session. */
export interface Page {
  readonly host: NativeHost
  readonly document: number
  readonly session: string
  ask(method: string, path: string, options?: AskOptions): PageCall
}

/**
 * A vault with a capability that asks, a server that takes its key, and hosts as browsers start them. The server:
 * `/v1/hop` redirects to `/v1/asked`, by 302 or by the status that its query is; `/v1/down` answers 503; everything else
 * answers what it was sent.
 */
export class ApprovalStage {
  readonly vault: OwnedVault
  readonly upstream: LoopbackServer
  readonly hosts: NativeHost[] = []
  readonly #sessions = new Map<string, string>()

  private constructor(vault: OwnedVault, upstream: LoopbackServer) {
    this.vault = vault
    this.upstream = upstream
  }

  static async create(): Promise<ApprovalStage> {
    const upstream = await startLoopbackServer(async (request, response) => {
      const body = await readBody(request)
      if (request.headers.authorization !== `Bearer ${CANARY.key}`) return sendJson(response, 401, {})
      const [path, status = '302'] = (request.url ?? '').split('?')
      if (path === '/v1/down') return sendJson(response, 503, {})
      if (path !== '/v1/hop') return sendJson(response, 200, { got: body.toString() })
      response.writeHead(Number(status), { location: '/v1/asked' })
      response.end()
    })
    const stage = new ApprovalStage(await OwnedVault.create(), upstream)
    stage.vault.addService('api', `${upstream.url}/v1`, CANARY.key)
    stage.addCapability()
    return stage
  }

  /** Put the capability: `POST /v1/**` and `GET /v1/asked` are asked about, other GETs are let through. */
  addCapability(changes: Parameters<OwnedVault['addCapability']>[3] = {}): void {
    const asks = ['POST /v1/**', 'GET /v1/asked'].map((pattern) => ({ effect: 'ask' as const, pattern }))
    const rules = [{ effect: 'allow' as const, pattern: 'GET /v1/**' }, ...asks]
    this.vault.addCapability('careful', 'api', [], { rules, ...changes })
  }

  async host(launcher?: string): Promise<NativeHost> {
    const host = await NativeHost.start(this.vault.home, launcher)
    this.hosts.push(host)
    return host
  }

  /** A host whose wall clock can be moved: `move(ms)` ahead, `freeze()`. */
  async hostWithClock(): Promise<{
    host: NativeHost
    move(ms: number): Promise<void>
    freeze(): Promise<void>
  }> {
    const file = join(this.vault.home, 'clock')
    const launcher = join(this.vault.home, 'launcher')
    const line = `exec '${process.execPath}' --import '${CLOCK}' '${MAIN}' --home '${this.vault.home}' "$@"`
    await writeFile(file, '0')
    await writeFile(launcher, `#!/bin/sh\nexport MOVABLE_CLOCK='${file}'\n${line}\n`)
    await chmod(launcher, 0o700)
    const move = (ms: number) => writeFile(file, String(ms))
    const freeze = () => writeFile(file, `=${Date.now()}`)
    return { host: await this.host(launcher), move, freeze }
  }

  /** Let the hosts see what this process has committed: three times their poll. */
  seen(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 150))
  }

  /** A document of a site, with the session that its first one started. */
  async page(host: NativeHost, origin = SITE): Promise<Page> {
    const capability = findCapability(this.vault.store, this.vault.keys, 'careful')
    if (capability === null) throw new Error('no capability')
    const session = this.#sessions.get(origin) ?? this.vault.connect(origin, capability).id
    this.#sessions.set(origin, session)
    const { id: document } = await host.document({ origin })
    // A host that runs already sees the new session at its next poll.
    await host.next(
      (frame) => frame.type === 'catch' && frame.document === document && frame.baseUrls.length > 0,
    )
    const ask = (method: string, path: string, options: AskOptions = {}) =>
      host.ask(document, method, this.upstream.url + path, { headers: [PLACEHOLDER], ...options })
    return { host, document, session, ask }
  }

  /** What waits, as a host tells it, once there are so many. */
  waiting(host: NativeHost, count = 1): Promise<ApprovalSummary[]> {
    return eventually(
      `${count} calls wait`,
      () => host.order({ name: 'approval-list' }),
      (list) => list.length === count,
    )
  }

  answer(host: NativeHost, { id, digest }: ApprovalSummary, answer: ApprovalAnswer): Promise<null> {
    return host.order({ name: 'approval-answer', id, digest, answer })
  }

  /** Wait for the one call that waits and answer it. */
  async answerNext(host: NativeHost, answer: ApprovalAnswer): Promise<ApprovalSummary> {
    const [asked] = await this.waiting(host)
    if (asked === undefined) throw new Error('nothing waits')
    await this.answer(host, asked, answer)
    return asked
  }

  /** Newest first. */
  audit(): AuditRecord[] {
    return listAudit(this.vault.store, this.vault.keys, { limit: 500 })
  }

  /** Intents and refusals, newest first. */
  decided(): Extract<AuditRecord, { kind: 'intent' | 'refusal' }>[] {
    return this.audit().flatMap((each) => (each.kind === 'intent' || each.kind === 'refusal' ? [each] : []))
  }

  /** Rows in the database, whoever they belong to. */
  rows(): number {
    return listApprovals(this.vault.store, this.vault.keys).length
  }

  /** End all, having searched every wire for the key. */
  async remove(): Promise<void> {
    for (const host of this.hosts) {
      host.process.kill('SIGCONT')
      await host.close()
      expect(searchFor([CANARY], Buffer.concat(host.written), 'the wire')).toEqual([])
    }
    await this.upstream.close()
    await this.vault.remove()
  }
}

/** The code a refused order has; `done` where it was not refused. */
export function codeOf(order: Promise<unknown>): Promise<string> {
  return order.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'no code',
  )
}
