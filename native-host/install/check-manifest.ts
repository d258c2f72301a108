import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import * as z from 'zod/mini'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { CHROMIUM_ID, GECKO_ID } from './extension-id.ts'
import { broken, type Finding, good } from './finding.ts'
import type { BrowserFamily } from './manifest-locations.ts'

const ManifestSchema = z.object({
  name: z.literal(HOST_NAME),
  path: z.string(),
  type: z.literal('stdio'),
  allowed_origins: z.optional(z.array(z.string())),
  allowed_extensions: z.optional(z.array(z.string())),
})

/** A manifest to look at, and the command that writes it anew. */
export interface ManifestToCheck {
  readonly check: string
  readonly label: string
  readonly family: BrowserFamily
  readonly file: string
  readonly mend: string
}

/** Whether a browser would take a manifest, and the launcher it names. Null: there is none that could be started. */
export function checkManifest(manifest: ManifestToCheck): { finding: Finding; launcher: string | null } {
  const { check, label, family, file, mend } = manifest
  const bad = (message: string) => ({ finding: broken(check, `${label}: ${message}`, mend), launcher: null })
  if (!existsSync(file)) return bad('the host is not registered')
  const parsed = ManifestSchema.safeParse(jsonOf(file))
  if (!parsed.success) return bad(`\`${file}\` is not a manifest of this host`)
  const { path, allowed_origins: origins, allowed_extensions: extensions } = parsed.data
  if (family === 'gecko' && origins !== undefined) return bad(`\`${file}\` holds a key this browser refuses`)
  if (!idsOf(family, origins, extensions)) return bad(`\`${file}\` does not name this extension`)
  if (!isAbsolute(path)) return bad(`\`${file}\` names its program by a relative path`)
  const fault = programFault(path)
  if (fault !== null) return bad(fault)
  return { finding: good(check, `${label}: registered`), launcher: path }
}

function idsOf(family: BrowserFamily, origins: string[] = [], extensions: string[] = []): boolean {
  return family === 'gecko'
    ? extensions.includes(GECKO_ID)
    : origins.includes(`chrome-extension://${CHROMIUM_ID}/`)
}

function programFault(path: string): string | null {
  if (!existsSync(path)) return `the launcher \`${path}\` is not there`
  try {
    accessSync(path, constants.X_OK)
    return null
  } catch {
    return `the launcher \`${path}\` is not executable`
  }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
