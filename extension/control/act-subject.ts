import type { OwnerSnapshot } from '../ui/owner-view.ts'

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
