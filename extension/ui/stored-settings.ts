import browser from 'webextension-polyfill'
import { DEFAULTS, readSettings, type Settings } from './settings.ts'

const KEY = 'settings'

type Listener = (settings: Settings) => void

const listeners = new Set<Listener>()
let known: Settings | null = null
let loading: Promise<Settings> | null = null

/** The settings as far as they are known: those of an owner who has set nothing until they were loaded. */
export function currentSettings(): Settings {
  return known ?? DEFAULTS
}

/** Load them, once, and follow every change of them from then on. Never rejects: what cannot be read is treated as garbage. */
export function loadSettings(): Promise<Settings> {
  loading ??= begin()
  return loading
}

/** Change some of them, for every page and the background. @throws the browser's error where its profile cannot be written. */
export async function changeSettings(changed: Partial<Settings>): Promise<void> {
  const { [KEY]: stored } = await browser.storage.local.get(KEY)
  await browser.storage.local.set({ [KEY]: { ...readSettings(stored), ...changed } })
}

/** Told of what they are whenever that changes. @returns stops it. */
export function onSettings(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

async function begin(): Promise<Settings> {
  browser.storage.onChanged.addListener((changes, area) => {
    const change = changes[KEY]
    if (area === 'local' && change !== undefined) take(change.newValue)
  })
  const { [KEY]: stored } = await browser.storage.local.get(KEY).catch(() => ({ [KEY]: null }))
  return take(stored)
}

function take(stored: unknown): Settings {
  known = readSettings(stored)
  for (const listener of listeners) listener(known)
  return known
}
