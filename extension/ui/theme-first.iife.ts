import { THEME_NOTE } from './theme-note.ts'

/**
 * Runs in the head of every page of ours, before anything is painted: a page in the owner's theme must not begin in the other.
 * What was noted is checked here, and again, from the settings themselves, as soon as those are loaded.
 */
try {
  const noted = localStorage.getItem(THEME_NOTE)
  if (noted === 'light' || noted === 'dark') document.documentElement.dataset.theme = noted
} catch {
  // No storage for pages: the system's theme.
}
