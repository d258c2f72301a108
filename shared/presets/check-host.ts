import type { Preset } from '../model/preset.ts'
import { ValueFault } from './fill-values.ts'

/**
 * See that every base URL is of the kind that the preset's paths are written for. Text that is no URL is for others to refuse.
 *
 * @throws ValueFault that names the host and shows an address as it should be.
 */
export function checkHosts(
  { id, hostShape, baseUrlHint = 'https://host' }: Pick<Preset, 'id' | 'hostShape' | 'baseUrlHint'>,
  baseUrls: readonly string[],
): void {
  if (hostShape === undefined) return
  const shape = new RegExp(`^(?:${hostShape})$`, 'u')
  const hosts = baseUrls.map((url) => URL.parse(url)?.host.replace(/:\d+$/, ''))
  const odd = hosts.find((host) => host && !shape.test(host))
  if (odd !== undefined)
    throw new ValueFault(
      `\`${id}\` wants an address such as \`${baseUrlHint}\`: \`${odd}\` is of another kind`,
    )
}
