import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findCapability } from '../../../native-host/store/capabilities.ts'
import { type Child, startChild } from '../../../scripts/bench/arena/child.ts'
import type { ServicePorts } from '../../../scripts/bench/arena/service-process.ts'
import { OwnedVault } from '../../support/owned-vault.ts'
import { Wire } from '../fairness-wire.ts'

const MAIN = fileURLToPath(new URL('../../../native-host/main.ts', import.meta.url))
const BARE = fileURLToPath(new URL('bare-host.ts', import.meta.url))
const SERVICE = new URL('../../../scripts/bench/arena/service-process.ts', import.meta.url)
const SITE = 'https://gate.example'
const KEY = 'sk-of-the-gate-0123456789-abcdefghij'

/** A host and a page of a site on it. */
export interface GateHost {
  readonly wire: Wire
  readonly document: number
}

/** Our host and the bare one, on one service, each in a process of its own. */
export interface GateHosts {
  /** Of the service. */
  readonly url: string
  readonly ours: GateHost
  readonly bare: GateHost
  close(): Promise<void>
}

/** Start them. */
export async function startHosts(): Promise<GateHosts> {
  const service: Child<ServicePorts> = await startChild(SERVICE, { key: KEY, certificate: null })
  const url = `http://127.0.0.1:${service.answer.http1}/v1`
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-gate-'))
  const vault = await OwnedVault.create(folder)
  vault.addService('gate', url, KEY)
  vault.addCapability('gate', 'gate', ['GET /v1/**', 'POST /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'gate')
  if (capability === null) throw new Error('no capability')
  vault.connect(SITE, capability)
  const ours = await opened(await Wire.start([process.execPath, MAIN, '--home', vault.home]))
  const bare = await opened(await Wire.start([process.execPath, BARE, folder, KEY]))
  const close = async () => {
    await Promise.all([ours.wire.close(), bare.wire.close()])
    service.end()
    await vault.remove()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { url, ours, bare, close }
}

async function opened(wire: Wire): Promise<GateHost> {
  return { wire, document: await wire.document(SITE) }
}
