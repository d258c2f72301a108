import type { Theme } from './settings.ts'
import { loadSettings, onSettings } from './stored-settings.ts'
import { THEME_NOTE } from './theme-note.ts'

/** Show this page in the theme the owner has set, and follow every change. */
export function followTheme(): void {
  onSettings(({ theme }) => show(theme))
  void loadSettings().then(({ theme }) => show(theme))
}

function show(theme: Theme): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  note(theme)
}

/** For the next page: its first picture cannot wait for the browser's own storage, see `theme-first.iife.ts`. */
function note(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(THEME_NOTE)
    else localStorage.setItem(THEME_NOTE, theme)
  } catch {
    // A browser that keeps nothing for pages: the next one begins in the system's theme.
  }
}
