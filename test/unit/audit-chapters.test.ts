import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isSought } from '../../native-host/audit/audit-filter.ts'
import { CHAPTER } from '../../native-host/audit/chapter-index.ts'
import { countAudit } from '../../native-host/audit/count-audit.ts'
import { listCalls } from '../../native-host/audit/list-calls.ts'
import { pageAudit } from '../../native-host/audit/page-audit.ts'
import { unfinishedCalls } from '../../native-host/audit/read-audit.ts'
import { AuditScan } from '../../native-host/audit/scan-audit.ts'
import type { AuditFilter, AuditLine, AuditPage } from '../../shared/protocol/audit-reading.ts'
import { AuditLog } from '../support/audit-log.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

/** The log read by the indexes of its chapters, held to the log read record by record. */

const NOW = Date.parse('2026-06-01T12:00:00Z')
const STEP = 1000
const LONG = `https://api.example/${'x'.repeat(300)}/needle`
const PROBLEMS = { sent: null, failed: 'upstream-timeout', cut: 'session-ended' } as const
/** More than three chapters, and a part of one. */
const RECORDS = 3 * CHAPTER + 321

let vault: VaultFixture
let log: AuditLog
function open(records: number): void {
  vault = openVault()
  log = new AuditLog(vault)
  fill(records)
}

/** Calls that overlap, some for longer than a chapter, refusals and acts; everything different from its neighbours. */
function fill(records: number): void {
  log.together(() => {
    const running: { id: string; end: number }[] = []
    for (let written = 0; written < records; written += 1) {
      const at = NOW + written * STEP
      const due = running.findIndex(({ end }) => end <= written)
      const [ended] = due < 0 ? [] : running.splice(due, 1)
      if (ended !== undefined) endCall(ended.id, at, written)
      else if (written % 97 === 0) log.act(at, 'grant.add', `act ${written}`)
      else begin(at, written, running)
    }
  })
}

function endCall(id: string, at: number, written: number): void {
  const result = written % 5 === 0 ? 'failed' : written % 7 === 0 ? 'cut' : 'sent'
  log.outcome(id, at, { result, problem: PROBLEMS[result] })
}

function begin(at: number, written: number, running: { id: string; end: number }[]): void {
  const origin = written % 400 === 0 ? 'https://rare.example' : `https://site-${written % 6}.example`
  const capability = written % 3 === 0 ? 'draw' : 'chat'
  const of = { origin, capability, service: written % 4 === 0 ? 'images' : 'model' }
  if (written % 11 === 0)
    log.refusal(at, { ...of, reason: written % 2 ? 'no-rule' : 'rate-limited', count: (written % 3) + 1 })
  else {
    const url =
      written % 41 === 0 ? LONG : written % 13 === 0 ? null : `https://api.example/v1/${written % 50}`
    const asked = written % 17 === 0 ? ({ decision: 'ask', reason: 'rule-ask' } as const) : {}
    const id = log.intent(at, { ...of, url, ...asked })
    // Some end at once, some in the next chapter or the one after that, some never.
    const [lasts] = [[1, 3, 40, 900, 2200, RECORDS][written % 6] ?? 1]
    running.push({ id, end: written + lasts })
  }
}

const FILTERS: AuditFilter[] = [
  { origin: 'https://rare.example' },
  { origin: 'https://site-3.example', capability: 'draw' },
  { service: 'images' },
  { decision: 'ask' },
  { reason: 'rate-limited' },
  { end: 'refused' },
  { end: 'failed' },
  { end: 'cut' },
  { end: 'under-way' },
  { problem: 'upstream-timeout' },
  { problem: 'upstream-timeout', end: 'failed' },
  { problem: 'session-ended' },
  { problem: 'upstream-timeout', origin: 'https://site-1.example' },
  { kind: 'acts' },
  { kind: 'acts', text: 'ACT 97' },
  { text: 'needle' },
  { text: 'v1/49' },
  { text: 'site-2', until: NOW + 2000 * STEP },
  { text: 'nowhere' },
  { capability: 'chat', since: NOW + 2500 * STEP, until: NOW + 2600 * STEP },
]

/** Every line that fits, as a reader of records alone finds it. */
function sought(where: AuditFilter): AuditLine[] {
  const found: AuditLine[] = []
  const scan = new AuditScan(vault.store, vault.keys, {})
  while (!scan.isOver)
    scan.slice(({ line: open }) => {
      const line = open()
      if (line !== null && isSought(line, where)) found.push(line)
      return true
    })
  return found
}

async function pages(where: AuditFilter, limit: number): Promise<AuditLine[]> {
  const lines: AuditLine[] = []
  for (let from: AuditPage['next'] | undefined; from !== null; ) {
    const ask = { where, limit, mostBytes: 500_000, ...(from === undefined ? {} : { from }) }
    const page = await pageAudit(vault.store, vault.keys, ask)
    lines.push(...page.lines)
    from = page.next
  }
  return lines
}

const stored = () => Number(vault.store.get('SELECT count(*) AS stored FROM audit_chapters')?.stored)

describe('a long log', () => {
  beforeAll(() => open(RECORDS))
  afterAll(() => vault.remove())

  test('finds the lines that a reader of every record finds, each with its end, however many at a time', async () => {
    for (const where of FILTERS) {
      const lines = sought(where)
      if (where.text !== 'nowhere') expect(lines.length, JSON.stringify(where)).toBeGreaterThan(0)
      expect(await pages(where, 200), JSON.stringify(where)).toEqual(lines)
      if (lines.length < 60) expect(await pages(where, 3), JSON.stringify(where)).toEqual(lines)
    }
    expect(stored()).toBe(3)
  })

  test('opens hardly a record once a chapter has its index', async () => {
    vault.store.run('DELETE FROM audit_chapters')
    const spent = async () => {
      const scan = new AuditScan(vault.store, vault.keys, { byChapters: true })
      while (!scan.isOver) scan.slice(() => true)
      return scan.spent
    }
    expect(await spent()).toBeGreaterThan(RECORDS)
    // The part of a chapter at the end has none yet.
    expect(await spent()).toBeLessThan(500)
  })

  test('lists the calls that met a problem, each with its outcome before it, as many as are wanted', async () => {
    const where = { problem: 'session-ended' }
    const pairs = sought(where).flatMap((line) => ('call' in line ? [line.outcome, line.call] : []))
    expect(pairs.length).toBeGreaterThan(40)
    expect(await listCalls(vault.store, vault.keys, where, RECORDS)).toEqual(pairs)
    expect(await listCalls(vault.store, vault.keys, where, 7)).toEqual(pairs.slice(0, 14))
    const rare = sought({ origin: 'https://rare.example' })
    const calls = rare.flatMap((line) => ('call' in line ? [line.call] : []))
    expect(await listCalls(vault.store, vault.keys, { origin: 'https://rare.example' }, RECORDS)).toEqual(
      calls,
    )
  })

  test('knows the calls without an end, with its indexes and before they are made', () => {
    const { length } = sought({ end: 'under-way' })
    expect(length).toBeGreaterThan(20)
    for (const chapters of [0, 1, 3]) {
      vault.store.run('DELETE FROM audit_chapters WHERE chapter >= ?', chapters)
      expect(unfinishedCalls(vault.store, vault.keys)).toBe(length)
      expect(stored()).toBe(3)
    }
  })

  test('counts what a reader of every record counts', async () => {
    const edges = [NOW - STEP, NOW + 700 * STEP, NOW + 1900 * STEP, NOW + RECORDS * STEP]
    for (const where of [
      {},
      { service: 'images' },
      { text: 'needle' },
      { problem: 'session-ended' },
    ] as const) {
      const expected = new Map<string, number>()
      for (const line of sought(where)) {
        if ('act' in line) continue
        const bar = edges.findIndex((edge) => line.call.at < edge) - 1
        const problem = line.outcome?.problem ?? null
        const names = [`bar ${bar}`, line.call.origin, line.call.service ?? '']
        for (const name of problem === null ? names : [...names, problem])
          expected.set(name, (expected.get(name) ?? 0) + line.call.count)
      }
      const counts = await countAudit(vault.store, vault.keys, { where, edges })
      expect(counts.next, 'within one answer').toBeNull()
      const bars = counts.bars.map(({ calls }, at) => [`bar ${at}`, calls] as const)
      const named = [...counts.sites, ...counts.services, ...counts.problems]
      const names = named.map(({ name, calls }) => [name, calls] as const)
      expect(new Map([...bars, ...names].filter(([, calls]) => calls > 0))).toEqual(expected)
    }
  })

  test('tells what is new above a place in the middle of a chapter, and at the end of one', async () => {
    await pages({ end: 'failed' }, 200)
    for (const above of [CHAPTER + 500, 2 * CHAPTER, RECORDS - 10]) {
      const lines: AuditLine[] = []
      for (let from: AuditPage['next'] | undefined; from !== null; ) {
        const ask = { where: { end: 'failed' }, limit: 50, mostBytes: 500_000, above } as const
        const page = await pageAudit(vault.store, vault.keys, {
          ...ask,
          ...(from === undefined ? {} : { from }),
        })
        lines.push(...page.lines)
        from = page.next
      }
      // Those above it, and those below it that ended above it.
      const fits = sought({ end: 'failed' }).filter(
        (line) => line.sequence > above || ('call' in line && endPlace(line) > above),
      )
      expect(lines.map(({ sequence }) => sequence).toSorted((a, b) => b - a)).toEqual(
        fits.map(({ sequence }) => sequence),
      )
    }
  })
})

function endPlace(line: Extract<AuditLine, { call: unknown }>): number {
  const row = vault.store.get('SELECT sequence FROM audit WHERE id = ?', line.outcome?.id ?? '')
  return Number(row?.sequence ?? 0)
}

describe('a log that was meddled with', () => {
  afterEach(() => vault.remove())

  test('an index that was changed, moved or taken from another log is not believed', async () => {
    open(CHAPTER + 300)
    const where = { origin: 'https://site-3.example' }
    const lines = await pages(where, 200)
    expect(lines.length).toBeGreaterThan(1)
    const meddle = [
      'UPDATE audit_chapters SET sealed = (SELECT sealed FROM audit LIMIT 1)',
      'UPDATE audit_chapters SET sealed = zeroblob(90)',
      'DELETE FROM audit_chapters',
    ]
    for (const sql of meddle) {
      vault.store.run(sql)
      expect(await pages(where, 200), sql).toEqual(lines)
      expect(stored()).toBe(1)
    }
  })

  test('an index of records that were put back and written anew otherwise is not believed', async () => {
    open(CHAPTER - 1)
    const before = vault.store.get("SELECT value FROM meta WHERE name = 'audit-head'")?.value as Uint8Array
    log.act(NOW, 'grant.add', 'as it was')
    expect(await pages({ text: 'as it was' }, 10)).toHaveLength(1)
    expect(stored()).toBe(1)
    vault.store.run('DELETE FROM audit WHERE sequence = ?', CHAPTER)
    vault.store.run("UPDATE meta SET value = ? WHERE name = 'audit-head'", before)
    log.refusal(NOW, { origin: 'https://as-it-is.example' })
    expect(await pages({ origin: 'https://as-it-is.example' }, 10)).toHaveLength(1)
  })

  test('a chapter with a record taken out is read record by record', async () => {
    open(CHAPTER + 300)
    vault.store.run('DELETE FROM audit WHERE sequence = ?', 10)
    const where = { service: 'images' }
    expect(await pages(where, 200)).toEqual(sought(where))
    expect(stored()).toBe(0)
  })

  test('keeps no name of a site, a service or an address in clear', async () => {
    open(CHAPTER)
    await pages({ text: 'nowhere' }, 10)
    const sealed = vault.store.get('SELECT sealed FROM audit_chapters')?.sealed as Uint8Array
    const text = Buffer.from(sealed).toString('latin1')
    for (const name of ['site-', 'rare', 'model', 'images', 'api.example', 'chat'])
      expect(text).not.toContain(name)
  })
})
