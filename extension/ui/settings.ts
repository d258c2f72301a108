/** What the owner sets for this browser: kept in its profile, and no secret. */
export interface Settings {
  /** `system`: as the system is. High contrast follows the system either way. */
  theme: Theme
  /** How long what a site is given is meant to last where the owner says nothing else, in seconds. */
  sessionSeconds: number
  /** What the number on the toolbar button counts: live sessions too, or only what waits for the owner. */
  badge: BadgeCount
  /**
   * Whether the box "ask me before each change" is ticked where a site is to be given something that may write: only for what the
   * catalogue knows to change things at the service, always, or never. A site that has it already keeps what it has.
   */
  askWrites: AskWrites
  /** What stands for a site beside its origin: a letter of ours, or the icon that it shows in its tab. */
  siteMarks: SiteMarks
}
export type Theme = 'system' | 'light' | 'dark'
export type BadgeCount = 'live' | 'asks'
export type AskWrites = 'changes' | 'always' | 'never'
export type SiteMarks = 'letters' | 'icons'

/** Lengths that are offered as the usual one, in seconds, shortest first. */
export const USUAL_SECONDS: readonly number[] = [3600, 4 * 3600, 8 * 3600, 86_400, 7 * 86_400]

/** Of an owner who has set nothing. */
export const DEFAULTS: Settings = {
  theme: 'system',
  sessionSeconds: 8 * 3600,
  badge: 'live',
  askWrites: 'changes',
  siteMarks: 'letters',
}

/** In the place of what cannot be read: whatever gives sites the least, and shows the owner the most. */
const CAREFUL: Settings = {
  theme: 'system',
  sessionSeconds: 3600,
  badge: 'live',
  askWrites: 'always',
  siteMarks: 'letters',
}

const CHECKS: { readonly [Name in keyof Settings]: (value: unknown) => boolean } = {
  theme: (value) => value === 'system' || value === 'light' || value === 'dark',
  sessionSeconds: (value) => USUAL_SECONDS.some((seconds) => seconds === value),
  badge: (value) => value === 'live' || value === 'asks',
  askWrites: (value) => value === 'changes' || value === 'always' || value === 'never',
  siteMarks: (value) => value === 'letters' || value === 'icons',
}

/**
 * What is stored, checked field by field. One that was never set has its default.
 *
 * SECURITY: one that is no value of ours is not guessed at, and not given the default either, which may be the wider.
 */
export function readSettings(stored: unknown): Settings {
  if (stored === undefined) return DEFAULTS
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return CAREFUL
  const fields = stored as Record<string, unknown>
  const read = <Name extends keyof Settings>(name: Name): Settings[Name] => {
    if (!Object.hasOwn(fields, name)) return DEFAULTS[name]
    return CHECKS[name](fields[name]) ? (fields[name] as Settings[Name]) : CAREFUL[name]
  }
  return {
    theme: read('theme'),
    sessionSeconds: read('sessionSeconds'),
    badge: read('badge'),
    askWrites: read('askWrites'),
    siteMarks: read('siteMarks'),
  }
}
