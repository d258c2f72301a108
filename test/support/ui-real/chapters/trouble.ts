import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'puppeteer-core'
import { press, reads } from '../../control-room-actions.ts'
import { copyVault } from '../../copy-vault.ts'
import { eventually } from '../../eventually.ts'
import { grantSite } from '../../grant-site.ts'
import { hostManifest } from '../../stage.ts'
import type { Picture } from '../pictures.ts'
import { addApi, inPopup, openRoom, pictureOver, says, send, type Walk } from '../walk.ts'

/**
 * In place of the launcher: starts it, and carries both directions, but for the version of the frames that the host names in its
 * greeting, or not before a file is there.
 */
const BETWEEN = `
import { spawn } from 'node:child_process'
const [launcher, version, ...args] = process.argv.slice(2)
const host = spawn(launcher, args, { stdio: ['pipe', 'pipe', 'inherit'] })
process.stdin.pipe(host.stdin)
host.stdout.on('data', (bytes) => {
  const text = bytes.toString('latin1')
  process.stdout.write(text.replace(/"protocol":\\d/, '"protocol":' + version), 'latin1')
})
host.stdin.on('error', () => {})
process.stdout.on('error', () => {})
host.once('close', () => process.exit(0))
`

interface Manifest {
  path: string
  allowed_origins?: string[]
  allowed_extensions?: string[]
}

/** A log that was meddled with on the disk, and every way in which there is no host to talk to. */
export async function walkTrouble(walk: Walk): Promise<void> {
  const { stage, api, site } = walk
  await addApi(walk, 'openai', { chat: ['--allow', 'GET /v1/**'] })
  await grantSite(stage, site.origin, 'chat')
  const page = await stage.driver.newPage(`${site.origin}/`)
  for (let turn = 0; turn < 3; turn += 1) await send(page, `${api.url}/v1/small`, 'GET')
  await putLogBack(walk, page)
  await damageLog(walk)
  await withoutHost(walk, page)
}

/** The vault's files of before the last calls, which the extension remembers. */
async function putLogBack(walk: Walk, page: Page): Promise<void> {
  const { stage, api } = walk
  const { valetkey, home, passphrase } = stage
  const heads = () =>
    stage.driver.inBackground<string>(
      'browser.storage.local.get("heads").then(({ heads }) => JSON.stringify(heads ?? []))',
    )
  const calls = (wanted: number) =>
    eventually(
      `a call is answered with ${wanted}`,
      () => send(page, `${api.url}/v1/small`, 'GET'),
      (status) => status === wanted,
    )
  const swap = async (from: string, to: string) => {
    await valetkey.ask(['lock'])
    copyVault(from, to)
    await valetkey.ask(['unlock', '--passphrase-stdin'], `${passphrase}\n`)
  }
  const before = await eventually('a head is kept', heads, (text) => text !== '[]')
  await swap(home.valetKeyHome, home.home)
  for (let last = before, turn = 0; turn < 3; turn += 1) {
    await calls(200)
    last = await eventually('it keeps a newer one', heads, (text) => text !== last)
  }
  await swap(home.home, home.valetKeyHome)
  await calls(500)
  await pictureOver(walk, page, 'popup-log-rolled-back', '.copy-text')
  const room = await openRoom(walk, 'activity')
  await walk.camera.take(room, 'room-activity-log-rolled-back', 'control')
  await room.close()
  await valetkey.ask(['audit', 'accept-rollback'])
}

/** One byte of one record is another. */
async function damageLog(walk: Walk): Promise<void> {
  const database = new DatabaseSync(join(walk.stage.home.valetKeyHome, 'valetkey.db'))
  database.exec('UPDATE audit SET at = at + 1 WHERE sequence = 2')
  database.close()
  const room = await openRoom(walk, 'activity')
  await press(room, says(walk, 'Check now'))
  await room.waitForSelector('.notice-danger', { timeout: 30_000 })
  await walk.camera.take(room, 'room-activity-tampered', 'control')
  await room.close()
}

async function withoutHost(walk: Walk, page: Page): Promise<void> {
  const { stage } = walk
  const file = hostManifest(stage)
  const own = JSON.parse(await readFile(file, 'utf8')) as Manifest
  const folder = stage.home.home
  const script = await launcher(folder, 'between.mjs', BETWEEN)
  const between = (version: number) => `exec '${process.execPath}' '${script}' '${own.path}' ${version} "$@"`
  const late = `while [ ! -e '${join(folder, 'go')}' ]; do sleep 0.1; done; exec '${own.path}' "$@"`
  const picture = async (name: Picture, shows: string, wrong: Partial<Manifest>) => {
    await writeFile(file, JSON.stringify({ ...own, ...wrong }))
    await stage.driver.stopBackground()
    await pictureOver(walk, page, name, shows)
  }
  const run = async (name: string, line: string) => ({
    path: await launcher(folder, `${name}.sh`, `#!/bin/sh\n${line}\n`),
  })
  const title = '.popup-content h2'
  await writeFile(file, JSON.stringify({ ...own, ...(await run('late', late)) }))
  await stage.driver.stopBackground()
  await inPopup(walk, page, async (popup) => {
    await reads(popup, says(walk, 'Connecting to the host'))
    await walk.camera.take(popup, 'popup-starting', 'popup')
  })
  await writeFile(join(folder, 'go'), '')
  await picture('popup-mismatch-host-older', title, await run('older', between(0)))
  await picture('popup-mismatch-extension-older', title, await run('newer', between(9)))
  await picture('popup-exited', title, await run('exits', 'exit 1'))
  // Firefox says of a host that is another extension's what it says of none.
  if (own.allowed_origins !== undefined)
    await picture('popup-forbidden', title, { allowed_origins: [`chrome-extension://${'a'.repeat(32)}/`] })
  await rm(file)
  await stage.driver.stopBackground()
  const room = await openRoom(walk, 'devices')
  await room.waitForSelector('.copy-text', { timeout: 30_000 })
  await walk.camera.take(room, 'room-devices-missing', 'control')
}

async function launcher(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  await chmod(path, 0o700)
  return path
}
