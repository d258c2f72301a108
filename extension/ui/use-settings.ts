import { useEffect, useState } from 'preact/hooks'
import type { Settings } from './settings.ts'
import { currentSettings, loadSettings, onSettings } from './stored-settings.ts'

/** The settings, drawn anew whenever they change, here or in another page. */
export function useSettings(): Settings {
  const [settings, setSettings] = useState(currentSettings)
  useEffect(() => {
    const stop = onSettings(setSettings)
    void loadSettings().then(setSettings)
    return stop
  }, [])
  return settings
}
