import { existsSync } from 'node:fs'
import { join } from 'node:path'

interface Sandboxed {
  readonly label: string
  /** Below the home directory. */
  readonly folder: string
  readonly sentence: string
}

const FLATPAK =
  'runs in a Flatpak sandbox that cannot start programs of this machine: use the browser’s own package'
const SNAP = 'runs as a snap that starts no programs of this machine: use the browser’s own package'
const SNAP_FIREFOX =
  'runs as a snap: it asks the desktop portal, so the manifest in ~/.mozilla counts where the system has the portal for native messaging'

/** Browsers in sandboxes, where they keep their files. Nothing is installed into them: it would not start. */
const SANDBOXED: readonly Sandboxed[] = [
  { label: 'Firefox (Flatpak)', folder: '.var/app/org.mozilla.firefox', sentence: FLATPAK },
  { label: 'LibreWolf (Flatpak)', folder: '.var/app/io.gitlab.librewolf-community', sentence: FLATPAK },
  { label: 'Chrome (Flatpak)', folder: '.var/app/com.google.Chrome', sentence: FLATPAK },
  { label: 'Chrome Dev (Flatpak)', folder: '.var/app/com.google.ChromeDev', sentence: FLATPAK },
  { label: 'Chromium (Flatpak)', folder: '.var/app/org.chromium.Chromium', sentence: FLATPAK },
  {
    label: 'Ungoogled Chromium (Flatpak)',
    folder: '.var/app/io.github.ungoogled_software.ungoogled_chromium',
    sentence: FLATPAK,
  },
  { label: 'Brave (Flatpak)', folder: '.var/app/com.brave.Browser', sentence: FLATPAK },
  { label: 'Edge (Flatpak)', folder: '.var/app/com.microsoft.Edge', sentence: FLATPAK },
  { label: 'Chromium (snap)', folder: 'snap/chromium', sentence: SNAP },
  { label: 'Brave (snap)', folder: 'snap/brave', sentence: SNAP },
  { label: 'Firefox (snap)', folder: 'snap/firefox', sentence: SNAP_FIREFOX },
]

/** One sentence for each sandboxed browser of this user. */
export function sandboxedBrowsers(home: string): string[] {
  return SANDBOXED.filter(({ folder }) => existsSync(join(home, folder))).map(
    ({ label, sentence }) => `${label} ${sentence}`,
  )
}
