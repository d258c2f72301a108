import type { Page } from 'puppeteer-core'
import type { PageKey } from '../../../shared/protocol/page-keys.ts'
import type { Scene } from './scenes.ts'
import { OPEN, SERVICES, session, world } from './staged-worlds.ts'
import type { StagedWorld } from './stand-in-browser.ts'

const GROQ: PageKey = {
  preset: 'groq',
  name: 'API key',
  places: [
    { kind: 'local', name: 'settings' },
    { kind: 'call', name: 'authorization' },
  ],
}
const OPENAI: PageKey = {
  preset: 'openai',
  name: 'admin key',
  places: [
    {
      kind: 'local',
      name: `<img src=x onerror=alert(1)>\u202Etnirp\u202C${'-long-name'.repeat(18)}`.slice(0, 200),
    },
    { kind: 'session', name: 'persist:root' },
    { kind: 'address', name: 'api_key' },
  ],
}
const GROQ_SERVICE = {
  ...SERVICES[0],
  ...{ id: 'groq', label: 'Groq', preset: 'groq', capabilities: ['groq-groq-chat'] },
}

/** A connected page that holds these keys. */
function holding(keys: PageKey[], more: Record<string, unknown> = {}): StagedWorld {
  return world({
    state: { ...OPEN, live: 1 },
    permitted: true,
    answers: { 'session-list': [session()], 'page-keys': { keys, whole: true }, ...more },
  })
}

const press = (text: string) => async (page: Page) => {
  await page.locator(`::-p-text(${text})`).click()
}

/** Say what to do, and then that it is to be done. */
const pressTwice = (text: string, then: string) => async (page: Page) => {
  await press(text)(page)
  await page.waitForSelector('.page-key-ask')
  await press(text)(page)
  await page.waitForSelector(`::-p-text(${then})`)
}

/** The popup on pages that hold keys of their own. */
export const PAGE_KEY_SCENES: Scene[] = [
  { name: 'popup-page-key', page: 'popup', world: holding([GROQ]) },
  {
    name: 'popup-page-key-asked',
    page: 'popup',
    world: holding([GROQ]),
    act: press('Move it into the vault'),
  },
  {
    name: 'popup-page-key-moved',
    page: 'popup',
    world: holding([GROQ], { 'page-key-move': { service: GROQ_SERVICE, replaced: 2, left: 1 } }),
    act: pressTwice('Move it into the vault', 'is in the vault'),
  },
  {
    name: 'popup-page-key-refused',
    page: 'popup',
    world: holding([GROQ], {
      'page-key-move': { refusal: { code: 'unknown', message: 'the page does not hold that key any more' } },
    }),
    act: pressTwice('Move it into the vault', 'does not hold'),
  },
  {
    name: 'popup-page-keys-stored',
    page: 'popup',
    world: holding([OPENAI, GROQ], { 'page-keys': { keys: [OPENAI, GROQ], whole: false } }),
    act: press('Use it in the vault'),
  },
  {
    name: 'popup-page-keys-rtl',
    page: 'popup',
    width: 320,
    world: { ...holding([OPENAI]), rtl: true },
    act: press('Replace it with the placeholder'),
  },
]
