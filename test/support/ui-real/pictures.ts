import type { BrowserName } from '../../../scripts/find-browser.ts'

/**
 * Every picture that the walk through the real extension takes, by its chapter. A name that a staged scene has too shows the state of
 * that scene: `test/unit/real-pictures.test.ts` holds the two lists to each other.
 */
export const CHAPTERS = {
  'first-run': [
    'welcome-host',
    'popup-missing',
    'welcome-vault',
    'popup-no-vault',
    'welcome-recovery',
    'welcome-preset',
    'popup-no-keys',
    'welcome-find',
    'welcome-key',
    'welcome-key-live',
    'welcome-key-other',
    'welcome-values',
    'welcome-key-local',
    'welcome-key-localhost',
    'welcome-key-jan',
    'welcome-refused',
    'welcome-accepted',
    'welcome-done',
    'welcome-playground',
    'welcome-playground-refused',
  ],
  connect: [
    'popup-other-page',
    'popup-paused-nothing-live',
    'popup-not-connected',
    'popup-ask-writes',
    'popup-until',
    'popup-local-choice',
    'popup-connect-long',
    'popup-fresh',
    'popup-long-site',
    'popup-unreachable',
  ],
  live: [
    'popup-live',
    'popup-streaming',
    'popup-live-ask-writes',
    'popup-extend',
    'popup-failed-over',
    'popup-refused',
    'popup-refused-site',
    'popup-refused-budget',
    'popup-waiting',
    'popup-paused',
    'popup-notices',
    'popup-twelve',
    'popup-revoked',
  ],
  'page-keys': [
    'popup-page-key',
    'popup-page-key-asked',
    'popup-page-key-refused',
    'popup-page-key-moved',
    'popup-page-keys-stored',
    'popup-page-keys-elsewhere',
    'popup-page-keys-quiet',
  ],
  windows: [
    'popup-pending',
    'approve-inert',
    'approve-armed',
    'approve-line',
    'approve-write',
    'approve-hostile',
    'approve-raw',
    'approve-binary',
    'approve-nothing',
    'request',
    'request-inert',
    'request-hostile',
    'request-ask-writes',
    'request-long',
    'request-no-key',
    'request-no-capability',
    'request-none',
  ],
  rooms: [
    'room-services',
    'room-services-replace',
    'service-preset-changed',
    'service-preset-changes',
    'service-preset-offers',
    'service-preset-offers-open',
    'room-capabilities',
    'room-capability',
    'room-capability-try',
    'room-capability-edit',
    'room-capability-missing',
    'room-capability-review',
    'room-capability-tighten',
    'room-sites',
    'room-sites-used',
    'room-budgets',
    'room-activity',
    'room-activity-detail',
    'room-activity-none-fits',
    'room-vault',
    'room-vault-passphrase',
    'room-vault-recovery',
    'room-settings',
    'popup-theme-light',
  ],
  empty: [
    'room-services-none',
    'room-sites-none',
    'room-capabilities-none',
    'room-budgets-none',
    'room-activity-empty',
    'openapi-no-service',
    'openapi-choose',
    'openapi-refused',
    'openapi-tick',
    'openapi-tick-large',
    'openapi-tick-hostile',
    'openapi-review',
  ],
  machine: ['room-devices', 'room-devices-none', 'room-devices-wide', 'room-devices-wrong'],
  locked: [
    'popup-locked',
    'popup-locked-wrong',
    'popup-waiting-locked',
    'request-locked',
    'room-locked',
    'room-devices-locked',
    'room-settings-locked',
    'popup-locked-key-file',
  ],
  trouble: [
    'popup-log-rolled-back',
    'room-activity-log-rolled-back',
    'room-activity-tampered',
    'popup-starting',
    'popup-mismatch-host-older',
    'popup-mismatch-extension-older',
    'popup-exited',
    'popup-forbidden',
    'room-devices-missing',
  ],
} as const satisfies Record<string, readonly string[]>

export type Chapter = keyof typeof CHAPTERS
export type Picture = (typeof CHAPTERS)[Chapter][number]

/** States that are shown staged alone, each with the fault or the hand that it would take. */
export const STAGED_ONLY: Readonly<Record<string, string>> = {
  'popup-connect-failed':
    'a capability that is removed between the press and the browser’s yes to its own prompt',
  'popup-page-key-untouched': 'a page that takes its storage back in the moment in which it is written',
  'popup-names-hostile': 'names that harm, in places where another scene is shown by the real thing',
  'room-services-hostile': 'the same',
  'room-sites-hostile': 'the same',
  'room-activity-hostile': 'the same',
  'room-services-open-to-network':
    'a server that listens on all addresses: these pictures open nothing to a network',
  'room-activity-searching': 'a log of so many records that reading it takes a while',
  'room-devices-ask': 'a second browser that has the vault open',
}

/** Endings of scenes that show a state of the others in another window or direction: `--width`, `--zoom`, `--rtl`, `--dark` do that. */
const LOOKS = /-(?:narrow|rtl|zoomed|dark)$/
/** Scenes whose name without such an ending is no scene’s, and what they are a look of. */
const LOOK_OF: Readonly<Record<string, Picture>> = {
  popup: 'popup-live',
  approve: 'approve-armed',
  welcome: 'welcome-key-local',
  'popup-page-keys': 'popup-page-keys-stored',
}

/** The picture of the real thing that shows what a staged scene does; null where there is none. */
export function pictureOf(scene: string): Picture | null {
  const state = scene.replace(LOOKS, '')
  const all: readonly string[] = Object.values(CHAPTERS).flat()
  return all.includes(state) ? (state as Picture) : scene === state ? null : (LOOK_OF[state] ?? null)
}

/** What one browser alone shows, and why the other does not. */
export const ONE_BROWSER: Partial<Record<Picture, { browser: BrowserName; because: string }>> = {
  'popup-forbidden': {
    browser: 'chromium',
    because: 'Firefox says of a host that is another extension’s what it says of none',
  },
}
