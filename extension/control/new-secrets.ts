import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { t } from '../ui/strings.ts'

/** A field for a new secret, and the names it is stored under. */
export interface SecretField {
  label: string
  names: readonly string[]
}

/**
 * The fields to replace a service's key with: one for a service of the catalogue, which knows its one key by every name;
 * else one for each secret, as for one that is signed in to, whose client's secret is not what the sign-in got.
 */
export function secretFields(service: Pick<ServiceSummary, 'preset' | 'secrets' | 'signIn'>): SecretField[] {
  const { preset, secrets, signIn } = service
  if ((preset !== null && !signIn) || secrets.length === 1) return [{ label: t('newKey'), names: secrets }]
  return secrets.map((name) => ({ label: t('newSecretOf', name), names: [name] }))
}

/** What was typed, by name; null where nothing was. Fields that were left empty are left out. */
export function newSecrets(
  fields: readonly SecretField[],
  typed: readonly string[],
): Record<string, string> | null {
  const pairs = fields.flatMap(({ names }, at) => {
    const text = typed[at] ?? ''
    return text === '' ? [] : names.map((name): [string, string] => [name, text])
  })
  return pairs.length === 0 ? null : Object.fromEntries(pairs)
}
