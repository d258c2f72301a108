import type { Page } from 'puppeteer-core'
import type { AuditCheck, AuditCounts, AuditLine, AuditPage } from '../../../shared/protocol/audit-reading.ts'
import { saidOn } from './said.ts'

const NOW = Date.now()
const SITE = 'https://playground.example.com'
const LONG_SITE = 'https://a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.example.co.uk:8443'

type CallLine = Extract<AuditLine, { call: unknown }>
type Call = CallLine['call']
type Outcome = NonNullable<CallLine['outcome']>

/** A call in the log, `ago` milliseconds old. */
export function call(
  sequence: number,
  ago: number,
  part: Partial<Call>,
  outcome: Partial<Outcome> | null,
): CallLine {
  const id = `7a1f0a52-6d0c-4c8b-9f4e-${String(sequence).padStart(12, '0')}`
  const made: Call = {
    kind: 'intent',
    id,
    at: NOW - ago,
    origin: SITE,
    topOrigin: SITE,
    tabId: 7,
    frameId: 0,
    session: 'c0ffee00-6d0c-4c8b-9f4e-0f4b5a2f9a11',
    capability: 'openai-openai-chat',
    service: 'openai',
    method: 'POST',
    url: 'https://api.openai.com/v1/chat/completions',
    query: [],
    headers: ['accept', 'content-type'],
    body: null,
    decision: 'allow',
    reason: 'rule-allow',
    rule: 'POST /v1/chat/completions',
    approvedBy: null,
    count: 1,
    ...part,
  }
  return { sequence, call: made, outcome: outcome === null ? null : ended(id, made.at, outcome) }
}

function ended(intent: string, at: number, part: Partial<Outcome>): Outcome {
  return {
    kind: 'outcome',
    id: '11111111-6d0c-4c8b-9f4e-0f4b5a2f9a11',
    intent,
    at: at + 1900,
    result: 'sent',
    problem: null,
    status: 200,
    requestBytes: 1840,
    responseBytes: 48_211,
    milliseconds: 1912,
    durations: { decide: 3, upstream: 640, body: 1272 },
    requestDigest: null,
    responseDigest: null,
    redactions: 0,
    tokens: { input: 1204, output: 388 },
    cost: 6120,
    ...part,
  }
}

const REFUSED = { kind: 'refusal', decision: 'deny' } as const
const LINES: AuditLine[] = [
  call(31, 4000, {}, null),
  call(
    29,
    60_000,
    { decision: 'ask', reason: 'rule-ask', approvedBy: { by: 'extension', answer: 'once' } },
    {},
  ),
  call(
    28,
    90_000,
    {
      ...REFUSED,
      origin: LONG_SITE,
      method: 'DELETE',
      url: `https://api.openai.com/v1/files/${'long-'.repeat(30)}\u202Egpj.exe`,
      query: ['after', 'limit'],
      reason: 'rule-deny',
      rule: 'DELETE /v1/files/**',
      count: 12,
    },
    null,
  ),
  {
    sequence: 27,
    act: {
      kind: 'act',
      id: '22222222-6d0c-4c8b-9f4e-0f4b5a2f9a11',
      at: NOW - 200_000,
      act: 'grant.add',
      subject: '7a1f0a52-6d0c-4c8b-9f4e-0f4b5a2f9a11',
      by: 'extension',
    },
  },
  call(
    25,
    400_000,
    {},
    { result: 'cut', problem: 'session-ended', status: 200, tokens: null, redactions: 1 },
  ),
  call(
    23,
    7_000_000,
    { service: 'jan', capability: 'jan-jan-chat', origin: 'http://127.0.0.1:5173' },
    { result: 'failed', problem: 'upstream-timeout', status: null, tokens: null, cost: null },
  ),
  call(21, 90_000_000, {}, { status: 429 }),
]

const bars = Array.from({ length: 30 }, (_, at) => {
  const calls = at % 7 > 4 ? 0 : Math.round(40 + 38 * Math.sin(at / 2)) + at
  return {
    calls,
    refused: at % 5 === 0 ? Math.round(calls / 4) : 0,
    failed: at % 4 === 0 ? Math.round(calls / 6) : 0,
  }
})
const reach = { next: null, looked: 31, head: 31 }
const page: AuditPage = { lines: LINES, ...reach }
const counts: AuditCounts = {
  bars,
  sites: [
    { name: SITE, calls: 812, refused: 31 },
    { name: LONG_SITE, calls: 206, refused: 44 },
    { name: 'http://127.0.0.1:5173', calls: 61, refused: 0 },
    { name: 'https://xn--pple-43d.com', calls: 3, refused: 3 },
  ],
  services: [
    { name: 'openai', calls: 940, refused: 70 },
    { name: 'jan', calls: 142, refused: 8 },
  ],
  capabilities: [
    { name: 'openai-openai-chat', calls: 940, refused: 70 },
    { name: 'jan-jan-chat', calls: 142, refused: 8 },
  ],
  reasons: [
    { name: 'rule-deny', calls: 61, refused: 61 },
    { name: 'model-not-listed', calls: 15, refused: 15 },
    { name: 'a-reason-of-a-later-version', calls: 2, refused: 2 },
  ],
  problems: [
    { name: 'upstream-timeout', calls: 23, refused: 0 },
    { name: 'session-ended', calls: 9, refused: 0 },
    { name: 'a-problem-of-a-later-version', calls: 1, refused: 0 },
  ],
  ...reach,
}
const whole: AuditCheck = { finding: { ok: true, records: 31 }, next: null, checked: 31, head: 31 }

/** Answers about a log of every kind of line. */
export const ACTIVITY = { 'audit-page': page, 'audit-counts': counts, 'audit-verify': whole }

/** Answers about a log in which nothing fits. */
export const NO_ACTIVITY = {
  'audit-page': { ...page, lines: [] },
  'audit-counts': {
    ...counts,
    bars: [],
    sites: [],
    services: [],
    capabilities: [],
    reasons: [],
    problems: [],
  },
  'audit-verify': whole,
}

/** An answer after which there is always more to look at, and nothing found. */
export const SEARCHING: AuditPage = {
  lines: [],
  next: { below: 900_000, open: [] },
  looked: 4000,
  head: 1_000_000,
}

/** What a check of a changed log comes to. */
export const TAMPERED: AuditCheck = {
  finding: { ok: false, records: 17, firstBad: 18, reason: 'mac' },
  next: null,
  checked: 17,
  head: 31,
}

/** Open the calls that were answered and refused, to see all of them, and have the log checked. */
export async function openLines(page: Page): Promise<void> {
  await page.waitForSelector('.activity summary')
  await page.$$eval('.activity summary', (lines) => {
    for (const line of lines.slice(1, 3)) (line as HTMLElement).click()
  })
  await page.$$eval(
    'button',
    (buttons, wanted) => {
      for (const one of buttons) if (one.textContent === wanted) one.click()
    },
    await saidOn(page, 'Check now'),
  )
  await new Promise((done) => setTimeout(done, 300))
}
