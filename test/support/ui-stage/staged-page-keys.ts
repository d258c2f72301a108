import type { Page } from 'puppeteer-core'
import type { PageKey } from '../../../shared/protocol/page-keys.ts'
import { clickStill } from '../click-still.ts'
import type { Scene } from './scenes.ts'
import { OPEN, SERVICES, session, world } from './staged-worlds.ts'
import type { StagedWorld } from './stand-in-browser.ts'

const GROQ: PageKey = {
  id: '1',
  preset: 'groq',
  name: 'API key',
  places: [
    { kind: 'local', name: 'settings' },
    { kind: 'call', name: 'authorization' },
  ],
}
const OPENAI: PageKey = {
  id: '2',
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
/** Seen where nothing is changed, and where it may be. */
const ELSEWHERE: PageKey = {
  ...{ id: '3', preset: 'anthropic', name: 'API key' },
  places: [
    { kind: 'cookie', name: 'session-of-the-playground' },
    { kind: 'indexed', name: `chat-front-end-database / ${'conversations-and-settings-'.repeat(4)}` },
  ],
}
const CALLED = ['https://api.groq.com', 'https://api.mistral.ai', 'https://api.openai.com']
const GROQ_SERVICE = {
  ...SERVICES[0],
  ...{ id: 'groq', label: 'Groq', preset: 'groq', capabilities: ['groq-groq-chat'] },
}

/** A connected page that holds these keys. */
function holding(keys: PageKey[], more: Record<string, unknown> = {}): StagedWorld {
  return world({
    state: { ...OPEN, live: 1 },
    permitted: true,
    answers: {
      'session-list': [session()],
      'page-keys': { keys, whole: true, quiet: [], called: [] },
      ...more,
    },
  })
}

/** Press the button of a way out, by its place: the words are of any language. */
const choose = (at: number) => async (page: Page) => {
  await clickStill(page, `.page-key-buttons button:nth-child(${at})`)
  await page.waitForSelector('.page-key-ask')
}

/** Say that it is to be done, too. */
const chooseTwice = (then: string) => async (page: Page) => {
  await choose(1)(page)
  await clickStill(page, '.page-key-ask button')
  await page.waitForSelector(then)
}

/** The popup on pages that hold keys of their own. */
export const PAGE_KEY_SCENES: Scene[] = [
  { name: 'popup-page-key', page: 'popup', world: holding([GROQ]) },
  {
    name: 'popup-page-key-asked',
    page: 'popup',
    world: holding([GROQ]),
    act: choose(1),
  },
  {
    name: 'popup-page-key-moved',
    page: 'popup',
    world: holding([GROQ], {
      'page-key-move': { service: GROQ_SERVICE, replaced: 2, left: 1, untouched: false },
    }),
    act: chooseTwice('.page-key-status .notice'),
  },
  {
    name: 'popup-page-key-untouched',
    page: 'popup',
    world: holding([GROQ], {
      'page-key-move': { service: GROQ_SERVICE, replaced: 0, left: 0, untouched: true },
    }),
    act: chooseTwice('.page-key-status .notice-warn'),
  },
  {
    name: 'popup-page-key-refused',
    page: 'popup',
    world: holding([GROQ], {
      'page-key-move': { refusal: { code: 'unknown', message: 'the page does not hold that key any more' } },
    }),
    act: chooseTwice('.notice-danger'),
  },
  {
    name: 'popup-page-keys-stored',
    page: 'popup',
    world: holding([OPENAI, GROQ], {
      'page-keys': { keys: [OPENAI, GROQ], whole: false, quiet: [], called: [] },
    }),
    act: choose(2),
  },
  {
    name: 'popup-page-keys-elsewhere',
    page: 'popup',
    world: holding([ELSEWHERE]),
    act: (page) => clickStill(page, '.page-key-looked summary'),
  },
  {
    name: 'popup-page-keys-quiet',
    page: 'popup',
    world: holding([GROQ, ELSEWHERE], {
      'page-keys': { keys: [GROQ, ELSEWHERE], whole: true, quiet: ['groq', 'anthropic'], called: CALLED },
    }),
    act: (page) => clickStill(page, '.page-key-looked summary'),
  },
  {
    name: 'popup-page-keys-quiet-rtl',
    page: 'popup',
    width: 320,
    world: {
      ...holding([GROQ], { 'page-keys': { keys: [GROQ], whole: true, quiet: ['groq'], called: CALLED } }),
      rtl: true,
    },
  },
  {
    name: 'popup-page-keys-rtl',
    page: 'popup',
    width: 320,
    world: { ...holding([OPENAI]), rtl: true },
    act: choose(1),
  },
]
