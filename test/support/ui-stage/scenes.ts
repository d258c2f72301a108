import type { Page } from 'puppeteer-core'
import { say } from '../../../shared/model/said.ts'
import { addLocal, choosePreset as choose, pressText as press, typeKey } from './first-run-actions.ts'
import { HOSTILE_SCENES } from './hostile-scenes.ts'
import { saidOn } from './said.ts'
import { ACTIVITY, NO_ACTIVITY, openLines, SEARCHING, TAMPERED } from './staged-activity.ts'
import { approval, HOSTILE } from './staged-approvals.ts'
import { BUDGETED } from './staged-budgets.ts'
import { CAPABILITY_SCENES } from './staged-capabilities.ts'
import { DEVICE_SCENES } from './staged-devices.ts'
import { OPENAPI_SCENES } from './staged-openapi.ts'
import { PAGE_KEY_SCENES } from './staged-page-keys.ts'
import { PRESET_UPDATE_SCENES } from './staged-preset-update.ts'
import { VAULT } from './staged-vault.ts'
import { CAPABILITIES, OPEN, SERVICES, STATUS, session, world } from './staged-worlds.ts'
import type { StagedWorld } from './stand-in-browser.ts'
import { told } from './told.ts'

/** One picture to take. */
export interface Scene {
  name: string
  page: 'popup' | 'control' | 'approve' | 'request'
  hash?: string
  width?: number
  height?: number
  schemes?: ('light' | 'dark')[]
  world: StagedWorld
  /** What to do on the page before the picture. */
  act?: (page: Page) => Promise<void>
}

const NOW = Date.now()
const live = (sessions: ReturnType<typeof session>[]) =>
  world({
    state: { ...OPEN, live: sessions.length },
    permitted: true,
    answers: { 'session-list': sessions },
  })

const MANY = [
  session({
    inFlight: 1,
    tokens: 48_210,
    cost: 1_240_000,
    currency: 'EUR',
    requests: 34,
    lastCall: { at: NOW, method: 'POST', path: '/v1/chat/completions', status: null, decision: 'allow' },
  }),
  session({
    origin: 'https://a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.example.co.uk:8443',
    capability: 'modelslab-modelslab-image',
    serviceLabel: 'ModelsLab',
    capabilityLabel: 'Images with named models',
    blocked: 3,
    requests: 1,
    expiresAt: NOW + 90_000,
    lastCall: {
      at: NOW - 3000,
      method: 'POST',
      path: '/api/v6/images/text2img-with-a-long-tail-that-does-not-fit',
      status: null,
      decision: 'deny',
    },
  }),
  session({
    origin: 'https://xn--pple-43d.com',
    topOrigin: 'https://playground.example.com',
    serviceLabel: 'Anthropic',
    capabilityLabel: 'Messages',
    requests: 0,
    lastCall: null,
    createdAt: NOW - 5000,
    expiresAt: NOW + 30 * 86_400_000,
  }),
  session({
    origin: 'http://127.0.0.1:5173',
    serviceLabel: 'Jan (on this machine)',
    capabilityLabel: 'Chat with named models',
  }),
]

const FAILED_OVER = [
  session({
    serviceLabel: 'Jan (on this machine)',
    capabilityLabel: 'Chat with named models',
    lastCall: {
      at: NOW - 4000,
      method: 'POST',
      path: '/v1/chat/completions',
      status: 200,
      decision: 'allow',
      failover: { way: 'from', serviceLabel: 'OpenAI', on: 'unreachable' },
    },
  }),
  session({
    lastCall: {
      at: NOW - 4000,
      method: 'POST',
      path: '/v1/chat/completions',
      status: null,
      decision: 'allow',
      failover: { way: 'to', serviceLabel: 'Jan (on this machine)', on: 'unreachable' },
    },
  }),
]

const LONG_ORIGIN =
  'https://a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.a-registrable-part-that-is-long-too.example:8443'

const TWELVE = Array.from({ length: 12 }, (_, at) =>
  session({
    origin: `https://site-${at + 1}.example.com`,
    inFlight: at % 4 === 0 ? at + 1 : 0,
    requests: at ** 4,
    blocked: at % 3,
    expiresAt: NOW + 40_000 * 3 ** at,
  }),
)

const GRANTS = MANY.map((one) => ({
  id: one.grant,
  origin: one.origin,
  topOrigin: one.topOrigin,
  capability: one.capability,
  ttl: 8 * 3600,
  createdAt: one.createdAt,
}))

const refused = (of: StagedWorld): StagedWorld => ({
  ...of,
  answers: {
    ...of.answers,
    'site-refusal': {
      at: NOW - 70_000,
      origin: 'https://frame.example.net',
      method: 'POST',
      path: '/v1/images/generations-with-a-long-tail-that-does-not-fit-into-one-line',
      reason: 'rule-deny',
      rule: 'POST /v1/images/**',
      capability: 'openai-openai-chat',
    },
  },
})

const paused = (of: StagedWorld): StagedWorld => ({
  ...of,
  state: { ...(of.state ?? OPEN), paused: true },
  answers: { ...of.answers, status: { ...STATUS, paused: NOW - 180_000 } },
})

const trouble = (host: 'missing' | 'forbidden' | 'mismatch' | 'exited', hostProtocol: number | null = null) =>
  world({
    state: { ...OPEN, host, vault: null, hostVersion: hostProtocol === null ? null : '0.0.9', hostProtocol },
    answers: { status: { refusal: { code: `host-${host}`, message: 'no host' } } },
  })

const locked = (slots: string[]) =>
  world({
    state: { ...OPEN, vault: 'locked' },
    answers: {
      status: { ...STATUS, vault: 'locked', slots },
      'vault-unlock': { refusal: { code: 'wrong-passphrase', message: 'wrong passphrase' } },
    },
  })

const noVault = world({
  state: { ...OPEN, vault: 'missing' },
  answers: {
    status: { ...STATUS, vault: 'missing', slots: [] },
    'vault-init': { recoveryCode: 'K7QD-9M2X-4TVA-PJ8C-W3HN-6YRB-5ZEF-1GSK' },
  },
})

const noKeys = world({ answers: { 'service-list': [], 'capability-list': [] } })

const OPEN_TO_NETWORK = { code: 'open-to-network', addresses: ['0.0.0.0', '::'], message: 'it listens' }

const testing = (outcome: string, status: number | null) =>
  world({
    answers: {
      'service-list': [],
      'capability-list': [],
      'service-add': SERVICES[0],
      'service-test': { outcome, status, message: '' },
    },
  })

const addKey = async (page: Page) => {
  await typeKey('OpenAI', 'a-key-of-the-stage')(page)
  await press('Add and test')(page)
  await page.waitForSelector('[role=status] .notice')
}

const PLAYGROUND = {
  url: 'http://127.0.0.1:45113/aVeryLongAndRandomName/',
  origin: 'http://127.0.0.1:45113',
  service: 'playground',
  capability: 'playground-chat',
}

const openPlayground = async (page: Page) => {
  await press('Open the playground')(page)
  await page.waitForSelector('.notice-good')
}

const asking = (...approvals: ReturnType<typeof approval>[]) =>
  world({
    state: { ...OPEN, live: 1, approvals: approvals.length },
    permitted: true,
    answers: { 'approval-list': approvals, 'session-list': [session()] },
  })

const NOTICES = [
  {
    id: 1,
    origin: 'https://playground.example.com',
    topOrigin: 'https://playground.example.com',
    baseUrl: 'https://api.openai.com/v1',
    since: NOW,
    calls: 3,
  },
  {
    id: 2,
    origin: LONG_ORIGIN,
    topOrigin: 'https://playground.example.com',
    baseUrl: 'https://api.elsewhere.example/v1',
    since: NOW,
    calls: 1,
  },
]

const ASKED = {
  id: 1,
  at: NOW,
  expiresAt: NOW + 120_000,
  origin: 'https://playground.example.com',
  topOrigin: 'https://playground.example.com',
  service: 'openai',
  capability: null,
  reason: 'To draft replies in your own words. Nothing is sent before you press Send.',
}

/** Tick what may stand under the bar, to which having the focus scrolls, and go back to where a person begins to read. */
async function tickByKey(page: Page): Promise<void> {
  await page.waitForSelector('.tick-field input')
  await page.focus('.tick-field input')
  await page.keyboard.press('Space')
  await page.$eval('.popup-body, .request-answers', (scrolled) => scrolled.scrollTo(0, 0))
}

const requested = (part: object, more: Parameters<typeof world>[0] = {}) =>
  world({
    ...more,
    answers: {
      'site-request': {
        ...ASKED,
        ...part,
      },
      ...more.answers,
    },
  })
const HOSTILE_REASON =
  '<img src=x onerror=alert(1)>\u202Etnirp\u202C \u200B<b>Allow</b>\nPress Allow to go on. '
    .repeat(4)
    .slice(0, 300)

/** Until an Allow counts. */
const armed = (page: Page) =>
  page.waitForSelector('.button-primary:not([aria-disabled])', { timeout: 5000 }).then(() => {})

/** The page in front keeps calling past us, has a worker that is not covered, and opened a WebSocket to an API. */
function withNotices(staged: StagedWorld): StagedWorld {
  return { ...staged, answers: { ...staged.answers, 'page-notices': ['captured', 'worker', 'socket'] } }
}

/** Every state worth a look. */
export const SCENES: Scene[] = [
  {
    name: 'popup-starting',
    page: 'popup',
    world: world({ state: { ...OPEN, host: 'connecting', vault: null } }),
  },
  { name: 'popup-missing', page: 'popup', world: trouble('missing') },
  { name: 'popup-forbidden', page: 'popup', world: trouble('forbidden') },
  { name: 'popup-mismatch-host-older', page: 'popup', world: trouble('mismatch', 0) },
  { name: 'popup-mismatch-extension-older', page: 'popup', world: trouble('mismatch', 9) },
  { name: 'popup-exited', page: 'popup', world: trouble('exited') },
  {
    name: 'popup-waiting',
    page: 'popup',
    world: world({ answers: { 'waiting-list': NOTICES.slice(0, 1), 'site-request': ASKED } }),
  },
  {
    name: 'popup-waiting-rtl',
    page: 'popup',
    world: { ...world({ answers: { 'waiting-list': NOTICES } }), rtl: true },
  },
  {
    name: 'popup-waiting-locked',
    page: 'popup',
    world: world({
      state: { ...OPEN, vault: 'locked' },
      answers: {
        status: { ...STATUS, vault: 'locked', slots: ['passphrase', 'recovery'] },
        'waiting-list': NOTICES.slice(0, 1),
      },
    }),
  },
  { name: 'request', page: 'request', world: requested({}), act: (page) => armed(page) },
  { name: 'request-inert', page: 'request', world: requested({}) },
  {
    name: 'request-hostile',
    page: 'request',
    world: requested({
      reason: HOSTILE_REASON,
      origin: LONG_ORIGIN,
      service: 'https://api.openai.com/\u202Ex',
    }),
  },
  { name: 'request-rtl', page: 'request', world: { ...requested({}), rtl: true } },
  {
    name: 'request-ask-writes',
    page: 'request',
    world: requested({}),
    act: async (page) => {
      await page.locator('.tick-field input').click()
      await armed(page)
    },
  },
  {
    name: 'request-long',
    page: 'request',
    world: requested({ service: 'modelslab', capability: null }),
    act: async (page) => {
      await armed(page)
      await tickByKey(page)
    },
  },
  { name: 'request-narrow', page: 'request', width: 300, height: 400, world: requested({}) },
  { name: 'request-no-key', page: 'request', world: requested({ service: 'mistral' }) },
  {
    name: 'request-no-capability',
    page: 'request',
    world: requested({}, { answers: { 'capability-list': [] } }),
  },
  {
    name: 'request-locked',
    page: 'request',
    world: requested(
      {},
      {
        state: { ...OPEN, vault: 'locked' },
        answers: { status: { ...STATUS, vault: 'locked', slots: ['passphrase', 'recovery'] } },
      },
    ),
  },
  { name: 'request-none', page: 'request', world: world({ answers: { 'site-request': null } }) },
  { name: 'popup-locked', page: 'popup', world: locked(['passphrase', 'recovery']) },
  { name: 'popup-locked-key-file', page: 'popup', world: locked(['key-file', 'recovery']) },
  {
    name: 'popup-locked-wrong',
    page: 'popup',
    world: locked(['passphrase', 'keychain', 'recovery']),
    act: async (page) => {
      await page.locator('input[type=password]').fill('not it')
      await page.locator('button[type=submit]').click()
    },
  },
  { name: 'popup-no-vault', page: 'popup', world: noVault },
  { name: 'popup-no-keys', page: 'popup', world: noKeys },
  { name: 'popup-not-connected', page: 'popup', world: world() },
  {
    name: 'popup-ask-writes',
    page: 'popup',
    world: world(),
    act: async (page) => {
      await page.locator('.tick-field input').click()
    },
  },
  {
    // The longest there is: hazards, what asking means, and the one press below it all.
    name: 'popup-connect-long',
    page: 'popup',
    world: world(),
    act: async (page) => {
      await page.select('#capability', 'modelslab-modelslab-image')
      await tickByKey(page)
    },
  },
  { name: 'popup-until', page: 'popup', world: world(), act: press('Until…') },
  {
    name: 'popup-local-choice',
    page: 'popup',
    world: world(),
    act: async (page) => {
      await page.select('#capability', 'jan-jan-chat')
    },
  },
  {
    name: 'popup-connect-failed',
    page: 'popup',
    world: world({
      answers: {
        'connect-outcome': {
          state: 'failed',
          code: 'unknown',
          ...told(say`there is no capability \`${'gone'}\``),
        },
      },
    }),
  },
  {
    name: 'popup-other-page',
    page: 'popup',
    world: world({ tab: { id: 1, url: 'chrome://settings/' } }),
  },
  {
    name: 'popup-fresh',
    page: 'popup',
    world: live([session({ requests: 0, lastCall: null, createdAt: NOW, expiresAt: NOW + 8 * 3_600_000 })]),
  },
  { name: 'popup-live', page: 'popup', world: live(MANY) },
  { name: 'popup-live-ask-writes', page: 'popup', world: live([session({ askWrites: true })]) },
  { name: 'popup-failed-over', page: 'popup', world: live(FAILED_OVER) },
  {
    name: 'popup-notices',
    page: 'popup',
    world: withNotices(live(MANY.slice(0, 1))),
  },
  { name: 'popup-twelve', page: 'popup', world: live(TWELVE) },
  { name: 'popup-zoomed', page: 'popup', schemes: ['light'], width: 300, world: live(MANY) },
  {
    name: 'popup-long-site',
    page: 'popup',
    world: {
      ...live([session({ origin: LONG_ORIGIN, requests: 0, lastCall: null })]),
      tab: { id: 7, url: `${LONG_ORIGIN}/` },
    },
  },
  {
    name: 'popup-extend',
    page: 'popup',
    world: {
      ...live(MANY),
      answers: { ...live(MANY).answers, 'grant-list': GRANTS, 'session-list': MANY },
    },
  },
  { name: 'popup-refused', page: 'popup', world: refused(live([session()])) },
  { name: 'popup-refused-site', page: 'popup', world: refused(world()) },
  { name: 'popup-refused-rtl', page: 'popup', schemes: ['light'], world: { ...refused(world()), rtl: true } },
  { name: 'popup-paused', page: 'popup', world: paused(live(MANY)) },
  {
    name: 'popup-paused-rtl',
    page: 'popup',
    schemes: ['light'],
    world: { ...paused(live(MANY)), rtl: true },
  },
  { name: 'popup-paused-nothing-live', page: 'popup', world: paused(world()) },
  { name: 'popup-revoked', page: 'popup', world: live([session()]), act: press('Revoke all') },
  {
    name: 'popup-unreachable',
    page: 'popup',
    world: { ...live([session()]), permitted: false },
  },
  { name: 'popup-rtl', page: 'popup', schemes: ['light'], world: { ...live(MANY), rtl: true } },
  {
    name: 'popup-pending',
    page: 'popup',
    world: asking(approval(), approval({ here: false, method: 'GET' })),
  },
  { name: 'approve-inert', page: 'approve', world: asking(approval()) },
  {
    name: 'approve-write',
    page: 'approve',
    world: asking(approval({ why: 'write', rule: 'POST /v1/**' })),
    act: armed,
  },
  { name: 'approve-armed', page: 'approve', world: asking(approval()), act: armed },
  {
    name: 'approve-line',
    page: 'approve',
    world: asking(
      approval({ method: 'DELETE', url: 'https://api.openai.com/v1/files/file-abc123', body: null, more: 2 }),
      approval(),
      approval(),
    ),
    act: armed,
  },
  { name: 'approve-hostile', page: 'approve', world: asking(HOSTILE), act: armed },
  {
    name: 'approve-raw',
    page: 'approve',
    world: asking(
      approval({
        body: {
          bytes: 48_211,
          contentType: 'text/plain',
          fields: null,
          text: 'line one\nline two\tand more\n'.repeat(60),
          truncated: true,
        },
      }),
    ),
  },
  {
    name: 'approve-binary',
    page: 'approve',
    world: asking(
      approval({
        method: 'PUT',
        body: { bytes: 1_200_000, contentType: null, fields: null, text: null, truncated: false },
      }),
    ),
  },
  { name: 'approve-nothing', page: 'approve', world: world({ answers: { 'approval-list': [] } }) },
  // A window of 420 by 640 pixels at 200 %.
  { name: 'approve-zoomed', page: 'approve', width: 210, height: 320, world: asking(HOSTILE), act: armed },
  { name: 'approve-rtl', page: 'approve', schemes: ['light'], world: { ...asking(approval()), rtl: true } },
  { name: 'welcome-host', page: 'control', hash: '#welcome', world: trouble('missing') },
  { name: 'welcome-vault', page: 'control', hash: '#welcome', world: noVault },
  {
    name: 'welcome-recovery',
    page: 'control',
    hash: '#welcome',
    world: noVault,
    act: async (page) => {
      for (const input of await page.$$('input[type=password]')) {
        await input.type('correct horse battery staple')
      }
      await press('Make the vault')(page)
    },
  },
  { name: 'welcome-preset', page: 'control', hash: '#welcome', world: noKeys },
  { name: 'welcome-key', page: 'control', hash: '#welcome', world: noKeys, act: choose('OpenAI') },
  {
    name: 'welcome-find',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: async (page) => {
      await page.locator('input[type=search]').fill('ai')
    },
  },
  {
    name: 'welcome-key-live',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: typeKey('Stripe', `sk_live_${'0'.repeat(24)}`),
  },
  {
    name: 'welcome-key-other',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: typeKey('Slack', `Bearer sk-ant-admin01-${'0'.repeat(40)}`),
  },
  {
    name: 'welcome-values',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: async (page) => {
      await typeKey('Twilio', '0'.repeat(32))(page)
      await press('Add and test')(page)
    },
  },
  {
    name: 'welcome-key-local',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: addLocal('http://192.168.1.20:1234/v1'),
  },
  {
    name: 'welcome-key-localhost',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: addLocal('http://localhost:1234/v1'),
  },
  {
    name: 'welcome-zoomed',
    page: 'control',
    hash: '#welcome',
    width: 500,
    world: noKeys,
    act: addLocal('http://127.0.0.1:1234/v1'),
  },
  {
    name: 'welcome-key-jan',
    page: 'control',
    hash: '#welcome',
    world: noKeys,
    act: choose('Jan (on this machine)'),
  },
  {
    name: 'welcome-accepted',
    page: 'control',
    hash: '#welcome',
    world: testing('accepted', 200),
    act: addKey,
  },
  {
    name: 'welcome-refused',
    page: 'control',
    hash: '#welcome',
    world: testing('key-refused', 401),
    act: addKey,
  },
  { name: 'welcome-done', page: 'control', hash: '#welcome', world: world() },
  {
    name: 'welcome-playground',
    page: 'control',
    hash: '#welcome',
    world: world({ answers: { 'playground-open': PLAYGROUND } }),
    act: openPlayground,
  },
  {
    name: 'welcome-playground-refused',
    page: 'control',
    hash: '#welcome',
    width: 360,
    world: world({
      answers: {
        'playground-open': {
          refusal: {
            code: 'exists',
            ...told(say`there is a service \`${'playground'}\` already, and it is not the playground’s`),
          },
        },
      },
    }),
    act: async (page) => {
      await press('Open the playground')(page)
      await page.waitForSelector('.notice-danger')
    },
  },
  { name: 'room-services', page: 'control', hash: '#services', world: world() },
  ...PRESET_UPDATE_SCENES,
  {
    name: 'room-services-replace',
    page: 'control',
    hash: '#services',
    world: world(),
    act: press('Replace key'),
  },
  {
    name: 'room-services-open-to-network',
    page: 'control',
    hash: '#services',
    world: world({
      answers: {
        'service-test': { outcome: 'no-key-needed', status: 200, message: '', warnings: [OPEN_TO_NETWORK] },
      },
    }),
    act: async (page) => {
      const [jan, test] = [await saidOn(page, 'Jan (on this machine)'), await saidOn(page, 'Test')]
      await page.waitForSelector(`button[aria-label*='${jan}']`)
      await page.$$eval(
        `button[aria-label*='${jan}']`,
        (buttons, wanted) => buttons.find((one) => one.textContent === wanted)?.click(),
        test,
      )
      await page.waitForSelector('.notice-warn')
    },
  },
  { name: 'room-services-zoomed', page: 'control', hash: '#services', width: 500, world: world() },
  {
    name: 'room-sites',
    page: 'control',
    hash: '#sites',
    world: world({
      answers: { 'grant-list': GRANTS, 'session-list': MANY, 'capability-list': CAPABILITIES },
    }),
  },
  { name: 'room-activity', page: 'control', hash: '#activity', world: world({ answers: ACTIVITY }) },
  {
    name: 'room-activity-detail',
    page: 'control',
    hash: '#activity',
    world: world({ answers: ACTIVITY }),
    act: openLines,
  },
  {
    name: 'room-activity-narrow',
    page: 'control',
    hash: '#activity',
    width: 360,
    world: world({ answers: ACTIVITY }),
    act: openLines,
  },
  {
    name: 'room-activity-rtl',
    page: 'control',
    hash: '#activity',
    height: 1600,
    schemes: ['light'],
    world: { ...world({ answers: ACTIVITY }), rtl: true },
    act: openLines,
  },
  { name: 'room-activity-empty', page: 'control', hash: '#activity', world: world({ answers: NO_ACTIVITY }) },
  {
    name: 'room-activity-none-fits',
    page: 'control',
    hash: '#activity',
    world: world({ answers: NO_ACTIVITY }),
    act: async (page) => {
      await page.locator('input[type=search]').fill('nowhere')
      await page.keyboard.press('Enter')
      await new Promise((done) => setTimeout(done, 400))
    },
  },
  {
    name: 'room-activity-tampered',
    page: 'control',
    hash: '#activity',
    world: world({ answers: { ...ACTIVITY, 'audit-verify': TAMPERED } }),
    act: press('Check now'),
  },
  {
    name: 'room-activity-searching',
    page: 'control',
    hash: '#activity',
    world: world({ answers: { ...ACTIVITY, 'audit-page': SEARCHING } }),
  },
  { name: 'room-vault', page: 'control', hash: '#vault', world: VAULT },
  { name: 'room-vault-narrow', page: 'control', hash: '#vault', width: 360, world: VAULT },
  {
    name: 'room-vault-passphrase',
    page: 'control',
    hash: '#vault',
    world: VAULT,
    act: press('Change the passphrase'),
  },
  {
    name: 'room-vault-recovery',
    page: 'control',
    hash: '#vault',
    world: VAULT,
    act: async (page) => {
      await press('New recovery code')(page)
      await page.locator('input[type=password]').fill('correct horse battery staple')
      await press('Show a new code')(page)
    },
  },
  {
    name: 'room-vault-rtl',
    page: 'control',
    hash: '#vault',
    schemes: ['light'],
    world: { ...VAULT, rtl: true },
  },
  { name: 'room-budgets', page: 'control', hash: '#budgets', world: BUDGETED },
  { name: 'room-budgets-narrow', page: 'control', hash: '#budgets', width: 360, world: BUDGETED },
  {
    name: 'room-budgets-rtl',
    page: 'control',
    hash: '#budgets',
    schemes: ['light'],
    world: { ...BUDGETED, rtl: true },
  },
  {
    name: 'room-budgets-none',
    page: 'control',
    hash: '#budgets',
    world: world({ answers: { 'capability-list': [] } }),
  },
  ...CAPABILITY_SCENES,
  ...DEVICE_SCENES,
  ...OPENAPI_SCENES,
  ...PAGE_KEY_SCENES,
  { name: 'room-services-narrow', page: 'control', hash: '#services', width: 420, world: world() },
  { name: 'room-locked', page: 'control', hash: '#services', world: locked(['passphrase', 'recovery']) },
  ...HOSTILE_SCENES,
]
