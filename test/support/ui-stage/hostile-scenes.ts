import type { AuditLine } from '../../../shared/protocol/audit-reading.ts'
import type { Scene } from './scenes.ts'
import { ACTIVITY, call } from './staged-activity.ts'
import { CAPABILITIES, OPEN, SERVICES, session, world } from './staged-worlds.ts'

/** Set on the page's global object by any of the names below that comes to life. */
export const HARMED = 'harmed'

/** Names that try to be markup, to turn what stands around them, to be unseen, and to be endless. */
export const HOSTILE_NAMES = [
  `<img src=x onerror="globalThis.${HARMED}=1"><script>globalThis.${HARMED}=1</script>`,
  '\u202Eelbisrever\u2066 safe\u2069 \u2069\u2069: allowed',
  '\u200B\u200C\u200D\u2060\uFEFF\u00AD',
  'x'.repeat(10_000),
  `a${'\u0301'.repeat(200)} \u05D0\u05D1\u05D2 123 \u0627\u0628`,
]

const NOW = Date.now()

const named = HOSTILE_NAMES.map((name, at) => ({
  origin: at === 3 ? `https://${'label.'.repeat(40)}example` : name,
  topOrigin: at === 1 ? 'https://playground.example.com' : name,
  serviceLabel: name,
  capabilityLabel: name,
  blocked: 10 ** (2 * at),
  inFlight: at,
  lastCall: { at: NOW, method: 'POST', path: `/${name}`, status: null, decision: 'deny' as const },
}))

const services = SERVICES.slice(0, HOSTILE_NAMES.length).map((service, at) => ({
  ...service,
  label: HOSTILE_NAMES[at] ?? '',
  baseUrls: [`https://api.example/${'long-segment/'.repeat(at * 20)}`],
}))
const capabilities = CAPABILITIES.map((capability, at) => ({
  ...capability,
  label: HOSTILE_NAMES[at % HOSTILE_NAMES.length] ?? '',
}))

const grants = HOSTILE_NAMES.map((name, at) => ({
  id: String(at),
  origin: name,
  topOrigin: `https://top-${at}.example`,
  capability: capabilities[at]?.id ?? '',
  ttl: 3600,
  createdAt: NOW,
}))

const lines = HOSTILE_NAMES.flatMap((name, at): AuditLine[] => {
  // What is endless once is endless enough.
  const short = at === 3 ? 'short' : name
  const asked = { origin: short, topOrigin: null, session: null, capability: short, service: short }
  const path = { url: at === 0 ? name : `https://api.example/${name}`, query: [short], headers: [short] }
  const refused = { kind: 'refusal', decision: 'deny', reason: 'no-rule', rule: short } as const
  const act = {
    kind: 'act',
    id: `act-${at}`,
    at: NOW,
    act: 'service.add',
    subject: short,
    by: 'cli',
  } as const
  return [
    call(2 * at, 1000, { ...asked, ...path, ...refused, method: 'DELETE' }, null),
    { sequence: 2 * at + 1, act },
  ]
})
const counted = HOSTILE_NAMES.map((name) => ({ name: name.slice(0, 300), calls: 7, refused: 3 }))
const activity = {
  ...ACTIVITY,
  'audit-page': { ...ACTIVITY['audit-page'], lines },
  'audit-counts': { ...ACTIVITY['audit-counts'], sites: counted, services: counted },
}

const staged = (answers: Record<string, unknown>) =>
  world({
    state: { ...OPEN, live: named.length },
    permitted: true,
    answers: { 'service-list': services, 'capability-list': capabilities, ...answers },
  })

/** The rooms where what others chose is shown, with names chosen to do harm. */
export const HOSTILE_SCENES: Scene[] = [
  { name: 'popup-names-hostile', page: 'popup', world: staged({ 'session-list': named.map(session) }) },
  { name: 'room-services-hostile', page: 'control', hash: '#services', world: staged({}) },
  {
    name: 'room-sites-hostile',
    page: 'control',
    hash: '#sites',
    world: staged({ 'grant-list': grants, 'session-list': named.map(session) }),
  },
  {
    name: 'room-activity-hostile',
    page: 'control',
    hash: '#activity',
    world: staged(activity),
  },
]
