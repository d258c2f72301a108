import browser from 'webextension-polyfill'
import { permissionPatternOf, registrationPatternOf } from '../ui/match-pattern.ts'

/**
 * The two scripts of a document, where the build leaves them. The isolated one is listed first so that it is there when
 * the page's own world looks for it; either order works.
 */
const SCRIPTS = [
  { kind: 'content', file: '/extension/content/main.js', world: 'ISOLATED' },
  { kind: 'page', file: '/extension/page/main.js', world: 'MAIN' },
] as const

/**
 * Register our scripts for exactly these origins: they run in every document of theirs from its first moment, also after a
 * restart of the browser. Other registrations of ours end; documents that are open keep what they have.
 *
 * @returns the origins that were not registered before.
 */
export async function registerOrigins(origins: Iterable<string>): Promise<string[]> {
  const wanted = new Map([...origins].flatMap(registrationsOf).map((script) => [script.id, script]))
  const present = new Set((await browser.scripting.getRegisteredContentScripts()).map(({ id }) => id))
  const stale = [...present].filter((id) => !wanted.has(id))
  const missing = [...wanted.values()].filter(({ id }) => !present.has(id))
  if (stale.length > 0) await browser.scripting.unregisterContentScripts({ ids: stale })
  if (missing.length > 0) await browser.scripting.registerContentScripts(missing)
  return [...new Set(missing.map(({ id }) => originOf(id)))]
}

/** Register our scripts for one origin more. Does nothing where they are registered for it. */
export async function registerAlso(origin: string): Promise<void> {
  await registerOrigins([...(await registeredOrigins()), origin])
}

/** End our scripts' registrations for these origins, and no other. */
export async function unregister(origins: readonly string[]): Promise<void> {
  const present = await registeredOrigins()
  await registerOrigins([...present].filter((origin) => !origins.includes(origin)))
}

/** The origins our scripts are registered for. */
export async function registeredOrigins(): Promise<Set<string>> {
  const scripts = await browser.scripting.getRegisteredContentScripts()
  return new Set(scripts.map(({ id }) => originOf(id)))
}

/** Bring our scripts into the tabs that show an origin already, so that nobody has to load them again. */
export async function injectIntoTabsOf(origin: string): Promise<void> {
  const tabs = await browser.tabs.query({ url: permissionPatternOf(origin) })
  const shown = tabs.filter(({ url }) => url !== undefined && URL.parse(url)?.origin === origin)
  await Promise.allSettled(shown.map(({ id }) => (id === undefined ? undefined : injectInto(id))))
}

/** Bring our scripts into the documents of one tab. Twice does no harm. */
async function injectInto(tabId: number): Promise<void> {
  for (const { file, world } of SCRIPTS) {
    await browser.scripting.executeScript({
      target: { tabId, allFrames: true },
      files: [file],
      world,
      injectImmediately: true,
    })
  }
}

function registrationsOf(origin: string): browser.Scripting.RegisteredContentScript[] {
  return SCRIPTS.map(({ kind, file, world }) => ({
    id: `${kind} ${origin}`,
    js: [file],
    matches: [registrationPatternOf(origin)],
    allFrames: true,
    matchOriginAsFallback: true,
    persistAcrossSessions: true,
    runAt: 'document_start',
    world,
  }))
}

/** Ids are `<kind> <origin>`. */
function originOf(id: string): string {
  return id.slice(id.indexOf(' ') + 1)
}
