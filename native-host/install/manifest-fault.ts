import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import * as z from 'zod/mini'
import { type Said, say } from '../../shared/model/said.ts'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import type { BrowserFamily } from './manifest-locations.ts'

const ManifestSchema = z.object({
  name: z.literal(HOST_NAME),
  path: z.string(),
  type: z.literal('stdio'),
  allowed_origins: z.optional(z.array(z.string())),
  allowed_extensions: z.optional(z.array(z.string())),
})

/** A manifest to look at. */
export interface ManifestPlace {
  /** Whose it is, as a sentence names it. */
  readonly label: string
  readonly family: BrowserFamily
  readonly file: string
}

/** Why a browser would not start a host by its manifest, or the launcher that it would start. */
export type ManifestVerdict = { fault: Said } | { launcher: string }

/**
 * Whether a browser would take a manifest, and what it would start.
 *
 * @param extension id of the extension it must name.
 * @param mayRead whether this process may read a path: asked of the launcher it names, which may lie anywhere.
 */
export function judgeManifest(
  { label, family, file }: ManifestPlace,
  extension: string,
  mayRead: (path: string) => boolean = () => true,
): ManifestVerdict {
  if (!existsSync(file)) return { fault: say`${label}: the host is not registered: there is no \`${file}\`` }
  const parsed = ManifestSchema.safeParse(jsonOf(file))
  if (!parsed.success) return { fault: say`${label}: \`${file}\` is not a manifest of this host` }
  const { path, allowed_origins: origins = [], allowed_extensions: extensions = [] } = parsed.data
  if (family === 'gecko' && parsed.data.allowed_origins !== undefined)
    return { fault: say`${label}: \`${file}\` holds a key this browser refuses` }
  const names = family === 'gecko' ? extensions : origins
  if (!names.includes(family === 'gecko' ? extension : `chrome-extension://${extension}/`))
    return { fault: say`${label}: \`${file}\` does not name this extension` }
  if (!isAbsolute(path)) return { fault: say`${label}: \`${file}\` names its program by a relative path` }
  if (!mayRead(path))
    return { fault: say`${label}: it starts \`${path}\`, which is not where \`valetkey install\` puts it` }
  return launcherFault(label, path) ?? { launcher: path }
}

function launcherFault(label: string, path: string): { fault: Said } | null {
  if (!existsSync(path)) return { fault: say`${label}: the launcher \`${path}\` is not there` }
  try {
    accessSync(path, constants.X_OK)
    return null
  } catch {
    return { fault: say`${label}: the launcher \`${path}\` is not executable` }
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
