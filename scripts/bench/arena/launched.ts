import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCapability } from '../../../native-host/store/capabilities.ts'
import { writeLauncher } from '../../../test/support/launched-host.ts'
import { OwnedVault } from '../../../test/support/owned-vault.ts'
import { buildAll } from '../../build.ts'
import { startChild } from './child.ts'
import type { ServiceOrder, ServicePorts } from './service-process.ts'

/** The site that calls. */
export const LAUNCHED_SITE = 'https://launched.example'

/** The built host as a browser starts it, on a vault that is open, and a service it may call. */
export interface Launched {
  /** Program that starts the host. */
  readonly launcher: string
  /** Temporary. */
  readonly folder: string
  /** Of the service, without a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/** Set it up. */
export async function launchable(): Promise<Launched> {
  const { host } = await buildAll({ targets: ['host'] })
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-launched-'))
  const order: ServiceOrder = { key: 'sk-of-the-bench-0123456789-abcdef', certificate: null }
  const service = await startChild<ServicePorts>(new URL('service-process.ts', import.meta.url), order)
  const url = `http://127.0.0.1:${service.answer.http1}/v1`
  const vault = await OwnedVault.create(folder)
  vault.addService('model', url, order.key)
  vault.addCapability('chat', 'model', ['GET /v1/**'])
  const capability = findCapability(vault.store, vault.keys, 'chat')
  if (capability === null) throw new Error('no capability')
  vault.connect(LAUNCHED_SITE, capability)
  const launcher = writeLauncher(folder, join(host, 'cli.mjs'), vault.home, folder)
  const close = async () => {
    service.end()
    await vault.remove()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { launcher, folder, url, close }
}
