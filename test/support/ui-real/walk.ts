import type { Page } from 'puppeteer-core'
import { eventually } from '../eventually.ts'
import type { PageServer } from '../pages/page-server.ts'
import type { Stage } from '../stage.ts'
import { saidIn } from '../ui-stage/said.ts'
import type { LoopbackServer } from '../upstreams/loopback-server.ts'
import type { Camera } from './camera.ts'
import type { Picture } from './pictures.ts'

/** Everything that a chapter of the walk goes through. */
export interface Walk {
  stage: Stage
  camera: Camera
  /** A service that checks its key; see `startFlowUpstream`. */
  api: LoopbackServer
  /** What the API takes. */
  key: string
  site: PageServer
  language: string
}

/**
 * The page of a room of the control room, which is there and in front once nothing on it waits. The first run, which the extension
 * opens by itself when it was just installed, may come to stand before it, and a page behind another one is told of no frame.
 */
export async function openRoom({ stage }: Walk, hash: string): Promise<Page> {
  const page = await stage.driver.extensionPage(`extension/control/index.html#${hash}`)
  const isThere = async () => {
    await page.bringToFront()
    return page.evaluate(
      () =>
        document.visibilityState === 'visible' &&
        document.querySelector('main h1, main h2') !== null &&
        document.querySelector('.waiting') === null,
    )
  }
  await eventually(`the room \`${hash}\` waits for nothing`, isThere, Boolean)
  return page
}

/** What the interface says in the language of the walk where it says this in English. */
export function says({ language }: Pick<Walk, 'language'>, text: string): string {
  return saidIn(language, text)
}

/** Do something in the popup over a page, and close it. */
export async function inPopup(
  { stage }: Pick<Walk, 'stage'>,
  page: Page,
  act: (popup: Page) => Promise<void>,
): Promise<void> {
  const popup = await stage.driver.popup(page)
  try {
    await act(popup)
  } finally {
    if (!popup.isClosed()) await popup.close().catch(() => {})
  }
}

/** A picture of the popup over a page, once it shows something, and of that. @param within milliseconds. */
export function pictureOver(
  walk: Walk,
  page: Page,
  name: Picture,
  shows: string,
  within = 30_000,
): Promise<void> {
  return inPopup(walk, page, async (popup) => {
    await popup.waitForSelector(shows, { timeout: within })
    await walk.camera.take(popup, name, 'popup', { of: shows })
  })
}

/** Make a call of the page's own, whatever becomes of it. @returns its status; 0 where there was no answer. */
export function send(page: Page, url: string, method: string, sent: string | null = null): Promise<number> {
  return page.evaluate(
    async (to, verb, body) => {
      const headers: HeadersInit = body === null ? {} : { 'content-type': 'application/json' }
      try {
        const answer = await fetch(to, { method: verb, headers, body })
        await answer.text()
        return answer.status
      } catch {
        return 0
      }
    },
    url,
    method,
    sent,
  )
}

/** Add the walk's API as a service of this name in the manner of OpenAI, and capabilities of it with these rules. */
export async function addApi(
  { stage, api, key }: Walk,
  service: string,
  capabilities: Record<string, readonly string[]>,
): Promise<void> {
  const base = ['--preset', 'openai', '--base-url', `${api.url}/v1`, '--local', '--secret-stdin']
  await stage.valetkey.ask(['service', 'add', service, ...base], key)
  for (const [id, rules] of Object.entries(capabilities))
    await stage.valetkey.ask(['capability', 'add', id, '--service', service, ...rules])
}
