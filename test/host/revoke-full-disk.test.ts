import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import * as sessions from '../../native-host/owner/sessions.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { smallDisk } from '../support/small-disk.ts'
import { runFromSource } from '../support/source-command.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'

/** The owner revokes while there is no room left on the disk: it binds every host all the same. */
const KEY = 'sk-of-the-full-disk'
const SITE = 'https://agent.example'
const disk = smallDisk('8m')

let flow: LoopbackServer
let vault: OwnedVault
beforeAll(async () => {
  flow = await startFlowUpstream(KEY)
})
afterAll(async () => {
  await flow.close()
  disk.remove()
})
beforeEach(() => disk.makeRoom())

async function vaultOnDisk(): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = disk.folder
  try {
    vault = await OwnedVault.create()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  vault.addService('flow', `${flow.url}/v1`, KEY)
  vault.addCapability('flows', 'flow', ['GET /v1/**'])
}

function connect(origin: string) {
  const capability = findCapability(vault.store, vault.keys, 'flows')
  if (capability === null) throw new Error('no capability')
  return vault.connect(origin, capability)
}

/** Take all the room there is, the log's own included: until no call is recorded any more. */
async function fill(host: NativeHost, document: number): Promise<void> {
  disk.fill()
  for (let count = 0; count < 2000; count++) {
    if ((await host.ask(document, 'GET', `${flow.url}/v1/small`).ended()).type === 'problem') return
  }
  throw new Error('the disk does not fill')
}

async function streamingHost(): Promise<{
  host: NativeHost
  document: number
  stream: ReturnType<NativeHost['ask']>
}> {
  const host = await NativeHost.start(vault.home)
  const { id: document } = await host.document({ origin: SITE })
  const stream = host.ask(document, 'GET', `${flow.url}/v1/clock?every=10`)
  await stream.head()
  return { host, document, stream }
}

test.skipIf(disk.why !== null).each(['an extension page', 'the command'])(
  'on a full disk a revoke by %s is written down and ends the streams of every host',
  async (by) => {
    await vaultOnDisk()
    const session = connect(SITE)
    const running = [await streamingHost(), await streamingHost()]
    const [first, second] = running
    if (first === undefined || second === undefined) throw new Error('no hosts')
    await fill(first.host, first.document)
    if (by === 'the command') {
      const run = await runFromSource(vault.home, ['session', 'revoke', '--all'])
      expect(run).toMatchObject({ code: 0 })
    } else expect(await first.host.order({ name: 'session-revoke', all: true })).toEqual({ revoked: 1 })
    expect(sessionById(vault.store, vault.keys, session.id)?.endReason).toBe('revoked')
    for (const { stream } of running)
      expect(await stream.ended()).toMatchObject({ type: 'cut', code: 'session-ended' })
    flow.journal.clear()
    disk.makeRoom()
    for (const { host, document } of running)
      expect(await host.ask(document, 'GET', `${flow.url}/v1/small`).ended()).toMatchObject({
        type: 'problem',
      })
    expect(flow.journal.calls).toEqual([])
    expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
    for (const { host } of running) await host.close()
    await vault.remove()
  },
)

test.skipIf(disk.why !== null)(
  'the room kept is enough to end two hundred sessions at once, and is taken again',
  async () => {
    await vaultOnDisk()
    for (let n = 0; n < 199; n++) connect(`https://site-${n}.example`)
    connect(SITE)
    const { host, document } = await streamingHost()
    await fill(host, document)
    const now = Date.now
    expect(sessions.revokeAll({ store: vault.store, keys: vault.keys, now, by: 'cli' })).toBe(200)
    await host.close()
    disk.makeRoom()
    openStore(vault.home).close()
    expect(statSync(join(vault.home, 'valetkey.reserve')).size).toBe(512 * 1024)
    await vault.remove()
  },
)
