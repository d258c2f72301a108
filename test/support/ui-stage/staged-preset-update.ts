import type { Page } from 'puppeteer-core'
import type { PresetChange, PresetUpdate } from '../../../shared/model/preset-change.ts'
import { saidIn } from './said.ts'
import type { Scene } from './scenes.ts'
import { CAPABILITIES, SERVICES, world } from './staged-worlds.ts'

const IMAGE = 'modelslab-modelslab-image'

function change(at: number, part: Pick<PresetChange, 'what'> & Partial<PresetChange>): PresetChange {
  return {
    id: at.toString(16).padStart(16, '0'),
    capability: null,
    standing: 'preset',
    opens: false,
    ...part,
  }
}

const PATHS = ['* /api/v6/**', '* /api/v7/images/**', '* /api/v7/video-fusion/**', '* /api/v1/enterprise/**']

const CHANGES: PresetChange[] = [
  change(1, {
    what: [{ kind: 'service', part: 'denied-field', name: 'webhook', was: null, now: PATHS.join(', ') }],
  }),
  change(2, {
    what: [{ kind: 'service', part: 'denied', name: PATHS[0] ?? '', was: null, now: PATHS[0] ?? '' }],
  }),
  change(3, {
    capability: IMAGE,
    what: [{ kind: 'limit', name: 'concurrentInAll', was: 5, now: 3, opens: false }],
  }),
  change(4, {
    opens: true,
    what: [{ kind: 'service', part: 'allowed-header', name: 'x-beta', was: null, now: 'x-beta' }],
  }),
  change(5, {
    capability: IMAGE,
    opens: true,
    what: [
      {
        kind: 'rule',
        pattern: `POST /api/v6/${'a-very-long-and-unbroken-part-of-a-path-'.repeat(3)}`,
        was: null,
        now: 'allow',
        opens: true,
      },
    ],
  }),
  change(6, {
    capability: IMAGE,
    standing: 'yours',
    opens: true,
    what: [{ kind: 'limit', name: 'ratePerMinute', was: 10, now: 30, opens: true }],
  }),
  change(7, {
    capability: IMAGE,
    standing: 'unknown',
    what: [
      { kind: 'condition', rule: { op: '<=', pointer: '/samples', limit: 4 }, now: false, opens: true },
      { kind: 'condition', rule: { op: '<=', pointer: '/samples', limit: 1 }, now: true, opens: false },
    ],
    opens: true,
  }),
  change(8, {
    what: [{ kind: 'service', part: 'hazard', name: '', was: null, now: 'Pictures are stored in public.' }],
  }),
]

const UPDATE: PresetUpdate = {
  service: 'modelslab',
  digest: '0'.repeat(64),
  changes: CHANGES,
  left: [{ capability: 'modelslab-modelslab-poll', why: 'gone' }],
}

const CHANGED = world({
  answers: {
    'service-list': SERVICES.filter(({ id }) => id === 'modelslab').map((service) => ({
      ...service,
      presetChanges: { plain: 4, asked: 4 },
    })),
    'capability-list': CAPABILITIES.filter(({ service }) => service === 'modelslab'),
    'service-update-preview': UPDATE,
  },
})

const look = async (page: Page) => {
  const language = await page.evaluate(() => document.documentElement.lang)
  await page.locator(`::-p-text(${saidIn(language.slice(0, 2), 'Look at the changes')})`).click()
  await page.waitForSelector('.preset-change')
}

const OFFERED = world({
  answers: {
    'service-list': SERVICES.filter(({ id }) => id === 'modelslab').map((service) => ({
      ...service,
      capabilities: [IMAGE],
      offers: { capabilities: ['modelslab-poll', 'modelslab-llm'], known: [] },
    })),
    'capability-list': CAPABILITIES.filter(({ id }) => id === IMAGE),
  },
})

/** Open what is new, and tick the one that wants its models named. */
const lookAtNew = async (page: Page) => {
  const language = await page.evaluate(() => document.documentElement.lang)
  await page.locator(`::-p-text(${saidIn(language.slice(0, 2), 'See what is new')})`).click()
  await page.locator('.capability:last-of-type input').click()
  await page.waitForSelector('textarea')
}

/** The room of services, where one's preset has changed. */
export const PRESET_UPDATE_SCENES: Scene[] = [
  { name: 'service-preset-changed', page: 'control', hash: '#services', world: CHANGED },
  { name: 'service-preset-changes', page: 'control', hash: '#services', world: CHANGED, act: look },
  {
    name: 'service-preset-changes-narrow',
    page: 'control',
    hash: '#services',
    width: 360,
    world: CHANGED,
    act: look,
  },
  { name: 'service-preset-offers', page: 'control', hash: '#services', world: OFFERED },
  { name: 'service-preset-offers-open', page: 'control', hash: '#services', world: OFFERED, act: lookAtNew },
  {
    name: 'service-preset-offers-narrow',
    page: 'control',
    hash: '#services',
    width: 360,
    world: OFFERED,
    act: lookAtNew,
  },
]
