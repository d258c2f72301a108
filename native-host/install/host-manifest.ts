import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { CHROMIUM_ID, GECKO_ID } from './extension-id.ts'
import type { BrowserFamily } from './manifest-locations.ts'

/**
 * The text of a native-messaging manifest. Each family has its own: Firefox refuses a file that also holds
 * Chromium's key.
 *
 * @param launcher absolute path of what the browser starts.
 * @param extensionIds further Chromium extensions that may start the host, beside our own.
 */
export function hostManifest(
  family: BrowserFamily,
  launcher: string,
  extensionIds: readonly string[],
): string {
  const about = {
    name: HOST_NAME,
    description: 'Valet Key: keys for web pages',
    path: launcher,
    type: 'stdio',
  }
  const ids = [...new Set([CHROMIUM_ID, ...extensionIds])]
  const allowed =
    family === 'gecko'
      ? { allowed_extensions: [GECKO_ID] }
      : { allowed_origins: ids.map((id) => `chrome-extension://${id}/`) }
  return `${JSON.stringify({ ...about, ...allowed }, null, 2)}\n`
}
