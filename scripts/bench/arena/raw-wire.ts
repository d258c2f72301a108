import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import type { Stage } from '../../../test/support/stage.ts'
import { RAW_HOST, RAW_PAGE, RAW_SCRIPT, RAW_WORKER } from './raw-wire-sources.ts'

const NAME = 'org.valetkey.bench.raw'

/** A page of a tiny extension that talks with a tiny host over native messaging: the limit of the wire. */
export interface RawWire {
  readonly page: Page
  /** Id of the extension, for whoever looks for its worker. */
  readonly id: string
  close(): Promise<void>
}

/** Make both in a temporary folder and put them into the stage's browser. Chromium. */
export async function openRawWire(stage: Stage): Promise<RawWire> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-raw-wire-'))
  const extension = join(folder, 'extension')
  await mkdir(extension)
  const manifest = { manifest_version: 3, name: 'Raw wire', version: '1', permissions: ['nativeMessaging'] }
  const background = { service_worker: 'worker.js' }
  await writeFile(join(extension, 'manifest.json'), JSON.stringify({ ...manifest, background }))
  await writeFile(join(extension, 'wire.html'), RAW_PAGE)
  await writeFile(join(extension, 'wire.js'), RAW_SCRIPT)
  await writeFile(join(extension, 'worker.js'), RAW_WORKER)
  const id = await stage.driver.browser.installExtension(extension)
  await register(stage, folder, id)
  const page = await stage.driver.newPage(`chrome-extension://${id}/wire.html`)
  return { page, id, close: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) }
}

async function register(stage: Stage, folder: string, id: string): Promise<void> {
  const [program, launcher] = [join(folder, 'host.mjs'), join(folder, 'launch.sh')]
  await writeFile(program, RAW_HOST)
  await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' '${program}'\n`)
  await chmod(launcher, 0o700)
  const about = { name: NAME, description: 'Raw wire', path: launcher, type: 'stdio' }
  const hosts = join(stage.home.profile, 'NativeMessagingHosts')
  await mkdir(hosts, { recursive: true })
  await writeFile(
    join(hosts, `${NAME}.json`),
    JSON.stringify({ ...about, allowed_origins: [`chrome-extension://${id}/`] }),
  )
}
