import { CHROMIUM_ID, GECKO_ID } from './extension-id.ts'
import { broken, type Finding, good } from './finding.ts'
import { judgeManifest, type ManifestPlace } from './manifest-fault.ts'

/** A manifest to look at, and the command that writes it anew. */
export interface ManifestToCheck extends ManifestPlace {
  readonly check: string
  readonly mend: string
}

/** Whether a browser would take a manifest, and the launcher it names. Null: there is none that could be started. */
export function checkManifest(manifest: ManifestToCheck): { finding: Finding; launcher: string | null } {
  const { check, label, family, mend } = manifest
  const verdict = judgeManifest(manifest, family === 'gecko' ? GECKO_ID : CHROMIUM_ID)
  if ('fault' in verdict) return { finding: broken(check, verdict.fault, mend), launcher: null }
  return { finding: good(check, `${label}: registered`), launcher: verdict.launcher }
}
