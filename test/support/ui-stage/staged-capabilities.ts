import type { Capability } from '../../../shared/model/capability.ts'
import type { CapabilityPreview } from '../../../shared/model/capability-edit.ts'
import type { Grant } from '../../../shared/model/grant.ts'
import type { BudgetSummary } from '../../../shared/protocol/budget-commands.ts'
import type { ExplainedCall } from '../../../shared/protocol/capability-commands.ts'
import { edit, missing, reviewOf, tighten, tryACall } from './capability-actions.ts'
import type { Scene } from './scenes.ts'
import { CAPABILITIES, OPEN, session, world } from './staged-worlds.ts'
import type { StagedWorld } from './stand-in-browser.ts'

const NOW = Date.now()
const DAY = 86_400_000

const PRICES = {
  currency: 'USD',
  input: 250_000,
  output: 2_000_000,
  request: 0,
  models: [{ model: 'gpt-5', input: 1_250_000, output: 10_000_000, request: 0 }],
}

/** A capability with everything there can be in one, and a hostile label. */
const FULL: Capability = {
  id: 'openai-work',
  service: 'openai',
  label: 'Work <img src=x onerror=alert(1)> \u202egnp.exe',
  rules: [
    { effect: 'allow', pattern: 'GET,HEAD /v1/models' },
    { effect: 'allow', pattern: 'POST /v1/chat/completions' },
    { effect: 'ask', pattern: 'POST /v1/files/**' },
    {
      effect: 'deny',
      pattern: `DELETE /v1/${'a-very-long-and-unbroken-part-of-a-path-'.repeat(3)}/**?purpose&limit`,
    },
  ],
  body: [
    { op: '<=', pointer: '/n', limit: 2, orAbsent: true },
    { op: 'in', pointer: '/size', values: ['1024x1024', '2', 2] },
    { op: 'absent', pointer: '/webhook' },
    { op: 'graphql', kind: 'query', fields: ['viewer', 'issues'], names: null },
  ],
  models: ['gpt-5-mini', 'gpt-5'],
  limits: {
    ttl: 28_800,
    idle: 1800,
    ratePerMinute: 60,
    maxRequests: 500,
    concurrent: 4,
    concurrentInAll: null,
    maxBytes: 50_000_000,
    maxBytesUp: null,
    maxTokens: 200_000,
    maxTokensPerCall: 8000,
    maxCost: 5_000_000,
    prices: PRICES,
    period: 'day',
  },
  failover: {
    capability: 'jan-jan-chat',
    on: ['unreachable', 'timeout', '5xx'],
    models: [
      { from: 'gpt-5', to: 'qwen3-4b' },
      { from: null, to: 'a-model-with-a-name-that-goes-on-and-on-without-any-end' },
    ],
    wait: 20,
  },
}

const measure = (limit: number | null, spent: number) => {
  return { limit, spent, reserved: 0, left: limit === null ? null : limit - spent }
}
const BUDGET: BudgetSummary = {
  capability: FULL.id,
  period: 'day',
  since: NOW - DAY,
  freesAt: null,
  calls: 31,
  unknown: 0,
  tokens: measure(200_000, 48_120),
  cost: { ...measure(5_000_000, 1_230_000), currency: 'USD' },
  sessions: [],
}

const EXPLAINED: ExplainedCall = {
  decision: 'deny',
  reason: 'model-not-listed',
  rule: '/model',
  request: { method: 'POST', url: 'https://api.openai.com/v1/chat/completions', headers: {} },
}

const PREVIEW: CapabilityPreview = {
  digest: '0'.repeat(64),
  edit: {},
  before: FULL,
  after: FULL,
  widens: true,
  differences: [
    { kind: 'rule', pattern: 'GET /v1/files/*', was: null, now: 'allow', opens: true },
    { kind: 'rule', pattern: 'POST /v1/files/**', was: 'ask', now: 'allow', opens: true },
    { kind: 'limit', name: 'maxCost', was: 5_000_000, now: null, opens: true },
    { kind: 'rule', pattern: 'POST /v1/chat/completions', was: 'allow', now: null, opens: false },
    { kind: 'model', name: 'gpt-5', now: false, opens: false },
    { kind: 'limit', name: 'ttl', was: 28_800, now: 3600, opens: false },
    { kind: 'period', was: 'day', now: 'week', opens: false },
    { kind: 'prices', was: PRICES, now: { ...PRICES, models: [] }, opens: true },
    { kind: 'condition', rule: { op: 'absent', pointer: '/webhook' }, now: true, opens: false },
    {
      kind: 'failover',
      was: null,
      now: { capability: 'jan-jan-chat', on: ['unreachable', '5xx'], models: [], wait: null },
      opens: true,
    },
  ],
  replay: {
    calls: 200,
    changed: [
      {
        method: 'POST',
        url: 'https://api.openai.com/v1/chat/completions',
        query: [],
        count: 3,
        was: 'allow',
        now: 'deny',
        nowReason: 'no-rule',
      },
    ],
    uncertain: 12,
  },
}

function grants(count: number): Grant[] {
  return Array.from({ length: count }, (_, at) => {
    const origin = `https://${at % 7 === 0 ? 'a-long-name-of-a-part.' : ''}site-${at}.example`
    const top = at % 5 === 0 ? 'https://portal.example.org' : origin
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
    return {
      id,
      origin,
      topOrigin: top,
      capability: FULL.id,
      ttl: 3600,
      createdAt: NOW - (40 + at / 100) * DAY,
      askWrites: at % 3 === 0,
    }
  })
}

const withSites = (count: number) => {
  const all = grants(count)
  // The last two of a hundred were not used for long.
  const uses = all
    .slice(0, Math.floor(count * 0.98))
    .map(({ id }, at) => ({ grant: id, at: NOW - at * 60_000 }))
  return world({
    answers: {
      'capability-list': [...CAPABILITIES, FULL],
      'budget-list': [BUDGET],
      'grant-list': all,
      'grant-use': { since: NOW - 60 * DAY, uses },
      'session-list': all.slice(0, 2).map(({ id, origin, topOrigin }) => {
        return session({ grant: id, origin, topOrigin, capability: FULL.id })
      }),
      'audit-list': [],
      explain: EXPLAINED,
      'capability-failovers': ['jan-jan-chat', 'anthropic-anthropic-messages'],
      'capability-preview': PREVIEW,
      'capability-tighten': {
        ...PREVIEW,
        widens: false,
        differences: PREVIEW.differences.filter(({ opens }) => !opens),
      },
    },
  })
}

const one = { page: 'control', hash: `#capabilities/${FULL.id}` } as const

/** So many live sessions that not all of them can be in the popup, the one that was used last first. */
export function manySessions(count: number): StagedWorld {
  const sessions = Array.from({ length: count }, (_, n) =>
    session({ origin: `https://live-${n}.example`, lastUsedAt: Date.now() - 60_000 - n * 1000 }),
  )
  return world({ state: { ...OPEN, live: count }, answers: { 'session-list': sessions } })
}

/** Capabilities and sites, in every state there is a picture of. */
export const CAPABILITY_SCENES: Scene[] = [
  { name: 'room-capabilities', page: 'control', hash: '#capabilities', world: withSites(12) },
  {
    name: 'room-capabilities-none',
    page: 'control',
    hash: '#capabilities',
    world: world({ answers: { 'capability-list': [] } }),
  },
  { name: 'room-capability', ...one, world: withSites(12) },
  { name: 'room-capability-try', ...one, world: withSites(0), act: tryACall },
  { name: 'room-capability-edit', ...one, world: withSites(0), act: edit },
  { name: 'room-capability-missing', ...one, world: withSites(0), act: missing },
  { name: 'room-capability-review', ...one, world: withSites(0), act: reviewOf(0) },
  { name: 'room-capability-tighten', ...one, world: withSites(0), act: tighten },
  {
    name: 'room-capability-narrow',
    ...one,
    width: 360,
    schemes: ['light'],
    world: withSites(3),
    act: tryACall,
  },
  {
    name: 'room-capability-edit-narrow',
    ...one,
    width: 360,
    schemes: ['light'],
    world: withSites(3),
    act: edit,
  },
  { name: 'room-capability-rtl', ...one, schemes: ['light'], world: { ...withSites(12), rtl: true } },
  { name: 'room-sites-used', page: 'control', hash: '#sites', world: withSites(60) },
  {
    name: 'room-sites-narrow',
    page: 'control',
    hash: '#sites',
    width: 360,
    schemes: ['light'],
    world: withSites(12),
  },
  {
    name: 'room-sites-rtl',
    page: 'control',
    hash: '#sites',
    schemes: ['light'],
    world: { ...withSites(12), rtl: true },
  },
]

/** So many grants that not all of them can be on a page. */
export const manyGrants = withSites
