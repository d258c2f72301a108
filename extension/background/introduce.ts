import browser from 'webextension-polyfill'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { browserName } from '../ui/browser-name.ts'
import type { HostCommands } from './host-commands.ts'

/**
 * Tell a host which browser it works for, so that other browsers can name it. A host of another version is told nothing: it
 * may not know the order, and would end at it.
 */
export async function introduce(
  { hostVersion }: Pick<OwnerState, 'hostVersion'>,
  commands: Pick<HostCommands, 'send'>,
): Promise<void> {
  if (hostVersion !== browser.runtime.getManifest().version) return
  const found = await browserName()
  if (found === null) return
  // What it is not told it shows as unknown.
  await commands
    .send({ name: 'host-introduce', browser: found.name, version: found.version })
    .catch(() => null)
}
