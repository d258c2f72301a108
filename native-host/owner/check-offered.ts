import type { PresetCapability } from '../../shared/model/preset.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { isOffered } from '../../shared/presets/is-offered.ts'
import { Refusal } from '../refusal.ts'

/** Refuse a preset's capability whose calls the service's own schemes cannot make. @throws Refusal `invalid`. */
export function checkOffered(offered: PresetCapability, { id, auth }: Pick<Service, 'id' | 'auth'>): void {
  if (isOffered(offered, auth)) return
  throw new Refusal(
    'invalid',
    say`\`${offered.id}\` is for a service with \`--auth ${offered.auth ?? ''}\`, and \`${id}\` has another scheme`,
  )
}
