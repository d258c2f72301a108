import { stat } from 'node:fs/promises'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrowserName } from '../../scripts/find-browser.ts'
import { type Canary, describeFindings, makeCanary } from '../support/canary.ts'
import { watchPage } from '../support/canary-page.ts'
import { searchStage, type WatchedPage } from '../support/canary-stage.ts'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { type Stage, type StageOptions, setUpStage } from '../support/stage.ts'

/** What `grant add` and `session list` tell of a session. */
export interface ListedSession {
  id: string
  origin: string
  capability: string
  endReason: string | null
}

/** What a service of a test is made of; the rest of `service add` is the same for all. */
export interface ServiceToAdd {
  id: string
  preset: string
  /** Absent: the preset's own. */
  baseUrl?: string
  /** Capability of the preset; it gets the service's id as its own. */
  capability: string
  models?: readonly string[]
}

/** One browser with the built product in it, for the tests of one `describe`. */
export class Scene {
  readonly browserName: BrowserName
  readonly canaries: Canary[] = []
  readonly pages: WatchedPage[] = []
  #stage: Stage | null = null

  constructor(browserName: BrowserName) {
    this.browserName = browserName
  }

  get stage(): Stage {
    if (this.#stage === null) throw new Error('the stage is not set up yet')
    return this.#stage
  }

  async setUp(options: Omit<StageOptions, 'browser'>): Promise<void> {
    this.#stage = await setUpStage({ ...options, browser: this.browserName })
  }

  async tearDown(): Promise<void> {
    await this.#stage?.close()
  }

  /** A marked key. All of them are searched for at the end. */
  canary(name: string, prefix = ''): string {
    const canary = makeCanary(`${name}'s key`, prefix)
    this.canaries.push(canary)
    return canary.key
  }

  /** Store a service on this machine and its key, and a capability of the same name, through the command. */
  async addService(service: ServiceToAdd, key: string): Promise<void> {
    const { id, preset, baseUrl, capability, models = [] } = service
    const base = baseUrl === undefined ? [] : ['--base-url', baseUrl]
    const { valetkey } = this.stage
    await valetkey.ask(['service', 'add', id, '--preset', preset, ...base, '--local', '--secret-stdin'], key)
    const named = models.flatMap((model) => ['--model', model])
    await valetkey.ask(['capability', 'add', id, '--service', id, '--from-preset', capability, ...named])
  }

  /** Open a tab whose console, network log and reachable state are searched at the end. */
  async open(url: string): Promise<Page> {
    const page = await this.stage.driver.newPage()
    this.pages.push({ name: new URL(url).host, page, watch: await watchPage(page) })
    await page.goto(url)
    return page
  }

  /** Give a site a capability as the owner does on the command line, and wait until the browser has heard of it. */
  grant(origin: string, capability: string, ...options: string[]): Promise<void> {
    return grantSite(this.stage, origin, capability, ...options)
  }

  /** The sessions the command lists. */
  async sessions(): Promise<ListedSession[]> {
    return (await this.stage.valetkey.ask(['session', 'list'])) as ListedSession[]
  }

  /** End every session. */
  async revokeAll(): Promise<void> {
    await this.stage.valetkey.ask(['session', 'revoke', '--all'])
  }
}

/** Wait until the toolbar button shows a text, e.g. how many sites wait for the owner. */
export async function badgeShows(scene: Scene, text: string): Promise<void> {
  const read = () => scene.stage.driver.inBackground<string>('browser.action.getBadgeText({})')
  await eventually(`the badge shows \`${text}\``, read, (shown) => shown === text)
}

/** Of the badge where somebody waits for the owner: red of its red, green and blue. Live sessions are counted in another colour. */
const ASKS_RED = 180

/** Wait until the toolbar button says that something waits for the owner. */
export async function badgeAsks(scene: Pick<Scene, 'stage'>): Promise<void> {
  const read = () => scene.stage.driver.inBackground<number[]>('browser.action.getBadgeBackgroundColor({})')
  await eventually('the badge says that somebody waits', read, ([red]) => red === ASKS_RED)
}

/** Browsers the suite runs on; `VALETKEY_E2E_BROWSER` names one of them to run on that one only. */
export const BROWSERS = (['chromium', 'firefox'] as const).filter(
  (name) => (process.env.VALETKEY_E2E_BROWSER ?? name) === name,
)

/** Origins of the suites' own sites, as permissions go: without a port. */
export const SITES = ['http://127.0.0.1', 'http://localhost']

const USUAL_STAGE: Omit<StageOptions, 'browser'> = { grantedOrigins: SITES, recordWire: true }

/**
 * Define the same tests for each browser, each on a stage of its own. Its last test searches everything that the others
 * left behind for the marked keys.
 */
export function onEachBrowser(title: string, define: (scene: Scene) => void, options = USUAL_STAGE): void {
  describe.each(BROWSERS)(`${title} in %s`, (browserName) => {
    const scene = new Scene(browserName)
    beforeAll(() => scene.setUp(options))
    afterAll(() => scene.tearDown())
    define(scene)
    // A browser's whole memory is read: a machine with other work takes its time.
    test('no key is found where it must not be', { timeout: 300_000 }, () => expectNoKey(scene))
  })
}

/** {@link onEachBrowser} for suites that lock the vault and open it again by the stage's passphrase. */
export function onEachBrowserByPassphrase(title: string, define: (scene: Scene) => void): void {
  onEachBrowser(title, define, { ...USUAL_STAGE, withPassphrase: true })
}

async function expectNoKey(scene: Scene): Promise<void> {
  expect(scene.canaries.length, 'there is a key to search for').toBeGreaterThan(0)
  const { valetkey, wire } = scene.stage
  // What the owner can read counts too: the command's answers are among what is searched.
  for (const noun of ['service', 'capability', 'grant', 'session', 'budget', 'audit'])
    await valetkey.run([noun, 'list'])
  await valetkey.run(['audit', 'export'])
  const open = scene.pages.filter(({ page }) => !page.isClosed())
  const places = await searchStage(scene.stage, open, scene.canaries)
  expect(describeFindings(places.flatMap((place) => place.findings))).toEqual([])
  for (const { place, size } of places) expect(size, place).not.toMatch(/^0 /)
  // The record lies in the home folder, whose files were searched; it must have held the calls.
  if (wire !== null) expect((await stat(wire)).size).toBeGreaterThan(1000)
}
