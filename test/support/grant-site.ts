import { eventually } from './eventually.ts'
import type { Stage } from './stage.ts'

const REGISTERED = 'browser.scripting.getRegisteredContentScripts().then((all) => all.map(({ id }) => id))'

/** Give a site a capability as the owner does on the command line, and wait until the browser has heard of it. */
export async function grantSite(
  stage: Stage,
  origin: string,
  capability: string,
  ...options: string[]
): Promise<void> {
  await stage.valetkey.ask(['grant', 'add', origin, capability, ...options])
  await scriptsFor(stage, origin)
}

/** Wait until the browser runs our scripts in the documents of a site that are loaded from now on. */
export async function scriptsFor(stage: Pick<Stage, 'driver'>, origin: string): Promise<void> {
  await eventually(
    'the scripts for the site are registered',
    () => stage.driver.inBackground<string[]>(REGISTERED),
    (ids) => ids.some((id) => id.includes(origin)),
    // Each look opens a page of the extension in Firefox.
    60_000,
  )
}
