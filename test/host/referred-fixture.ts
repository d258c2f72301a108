import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { eventually } from '../support/eventually.ts'
import { processesNaming, writeLauncher } from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { refer } from '../support/secret-programs.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { CLI } from './cli-fixture.ts'

const SITE = 'https://page.example'

/** A service whose key lives elsewhere, and a browser's host and attendant that fetch it. */
export interface ReferredWorld {
  /** A folder of the test's own. */
  readonly root: string
  /** Say where the key is, as its owner: a text as for `--secret-ref`. */
  livesAt(reference: string): void
  /** Start the host by its launcher. @param variables what the browser has in its environment. */
  open(variables?: Record<string, string>): Promise<void>
  /** Call the service. @returns `sent`, or how it failed for the page and for the owner. */
  call(): Promise<'sent' | { page: string; owner: string | null }>
  /** What the owner learns who tests the service, from the same host. */
  test(): Promise<string>
  /** Lock the vault, and wait until nobody who works on it is left. */
  lock(): Promise<void>
  /** The `Authorization` of every call that reached the service, which says it in its answer. */
  arrived(): (string | undefined)[]
}

/** Everything these tests stand on, made anew for each. @param key which must never be on the wire to the browser. */
export function referredWorld(key: string): ReferredWorld {
  let server: LoopbackServer
  let root: string
  let vault: OwnedVault
  let host: NativeHost | null
  let document: number
  beforeAll(async () => {
    server = await startLoopbackServer((request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(`you sent ${request.headers.authorization}`)
    })
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    host = null
    server.journal.clear()
    root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
    vault = await OwnedVault.create()
    vault.addService('keyed', server.url, 'replaced by the reference')
    vault.addCapability('calls', 'keyed', ['GET /**'])
    const capability = findCapability(vault.store, vault.keys, 'calls')
    if (capability === null) throw new Error('no capability')
    vault.connect(SITE, capability)
  })
  afterEach(async () => {
    host?.process.kill('SIGTERM')
    await host?.exited
    const wire = Buffer.concat(host?.written ?? []).toString('latin1')
    await vault.remove()
    rmSync(root, { recursive: true, force: true })
    expect(wire).not.toContain(key)
  })
  return {
    get root() {
      return root
    },
    livesAt: (reference) => refer(vault, 'keyed', 'token', reference),
    async open(variables = {}) {
      const launcher = writeLauncher(root, CLI, vault.home, root)
      host = await NativeHost.start(vault.home, withVariables(root, launcher, variables))
      document = (await host.document({ origin: SITE })).id
    },
    async call() {
      if (host === null) throw new Error('no host')
      const ended = await host.ask(document, 'GET', `${server.url}/x`).ended()
      if (ended.type === 'end') return 'sent'
      const [outcome] = listAudit(vault.store, vault.keys, { limit: 1 })
      return { page: ended.code, owner: outcome?.kind === 'outcome' ? outcome.problem : null }
    },
    async test() {
      if (host === null) throw new Error('no host')
      return (await host.order({ name: 'service-test', id: 'keyed' })).outcome
    },
    async lock() {
      raiseLock(vault.store)
      await host?.exited
      await eventually(
        'host and attendant have ended',
        () => processesNaming(vault.home),
        (left) => left.length === 0,
      )
    },
    arrived: () => server.journal.arrivals.map(({ headers }) => authorizationOf(headers)),
  }
}

function authorizationOf(headers: readonly (readonly [name: string, value: string])[]): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]
}

/** A program that starts another one with variables, in its own place: its parent stays the test. */
function withVariables(folder: string, program: string, variables: Record<string, string>): string {
  const path = join(folder, 'browser.sh')
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\nexec '${program}' "$@"\n`)
  chmodSync(path, 0o700)
  return path
}
