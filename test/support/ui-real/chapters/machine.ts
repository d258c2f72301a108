import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reads } from '../../control-room-actions.ts'
import { openRoom, says, type Walk } from '../walk.ts'

/** The room about this machine: in order, and with what `doctor` finds. */
export async function walkMachine(walk: Walk): Promise<void> {
  const { stage, camera } = walk
  const { home } = stage
  const alone = await openRoom(walk, 'devices')
  await reads(alone, says(walk, 'Running since'), 30_000)
  await camera.take(alone, 'room-devices-none', 'control')
  await alone.close()
  await stage.valetkey.ask(['install', '--browser', 'vivaldi'])
  const page = await openRoom(walk, 'devices')
  await reads(page, says(walk, 'Running since'), 30_000)
  await camera.take(page, 'room-devices', 'control')
  await page.close()
  await stage.driver.grant('https://*')
  const wide = await openRoom(walk, 'devices')
  await wide.waitForSelector('.notice-warn', { timeout: 30_000 })
  await camera.take(wide, 'room-devices-wide', 'control')
  await wide.close()
  await stage.driver.withdraw('https://*')
  rmSync(join(home.home, '.config', 'vivaldi', 'NativeMessagingHosts', 'org.valetkey.host.sh'))
  chmodSync(home.valetKeyHome, 0o755)
  const wrong = await openRoom(walk, 'devices')
  await wrong.waitForSelector('.copy-text', { timeout: 30_000 })
  await camera.take(wrong, 'room-devices-wrong', 'control')
  await wrong.close()
}
