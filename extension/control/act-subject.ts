import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { capabilityName } from './capability-name.ts'
import { slotWords } from './slot-words.ts'

/** Ids that the host makes (RFC 9562): they name things to it, and to nobody else. */
const MADE_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** As much of one as tells it from its neighbours. */
const TELLING = 8

/**
 * The site that an act was about, where its subject is a grant or a session that is still known: whoever reads the log knows sites,
 * not ids. Null for everything else.
 */
export function siteOfSubject(
  subject: string,
  { grants, sessions }: Pick<OwnerSnapshot, 'grants' | 'sessions'>,
): string | null {
  const found = [...(grants ?? []), ...(sessions ?? [])].find(({ id }) => id === subject)
  return found?.origin ?? null
}

/** A subject as a line has room for it: an id that the host made is shortened, what its owner named is whole. */
export function shortSubject(subject: string): string {
  return MADE_ID.test(subject) ? `${subject.slice(0, TELLING)}…` : subject
}

/** Ways to open a vault, as acts name them. */
const SLOTS = ['passphrase', 'key-file', 'keychain', 'recovery']

/**
 * What an act was about as its owner calls it: a way to open the vault, a service, a capability; else as it is recorded. Empty where
 * it is the vault itself, which the act names.
 */
export function subjectText(
  { act, subject }: { act: string; subject: string },
  owner: Pick<OwnerSnapshot, 'capabilities' | 'services'>,
): string {
  if (act.startsWith('vault.') && subject === 'vault') return ''
  if (act.startsWith('vault.') && SLOTS.includes(subject)) return t(slotWords(subject).name)
  if (act.startsWith('capability.')) return capabilityName(subject, owner)
  const service = act.startsWith('service.') ? owner.services?.find(({ id }) => id === subject) : undefined
  return service === undefined ? shortSubject(subject) : labelText(service.label)
}
