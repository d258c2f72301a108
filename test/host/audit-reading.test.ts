import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import type {
  AuditCheck,
  AuditCounts,
  AuditFilter,
  AuditLine,
  AuditPage,
} from '../../shared/protocol/audit-reading.ts'
import { AuditLog } from '../support/audit-log.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'

/** The log as the activity room asks a real host for it. */

const HOUR = 3_600_000
const NOW = Date.parse('2026-06-01T12:00:00Z')
const SITES = ['https://one.example', 'https://two.example', 'https://three.example']

let vault: OwnedVault
let host: NativeHost
let log: AuditLog

async function open(): Promise<void> {
  vault = await OwnedVault.create()
  log = new AuditLog(vault)
  host = await NativeHost.start(vault.home)
}
async function close(): Promise<void> {
  await host.close()
  await vault.remove()
}

const placeOf = (line: AuditLine) => line.sequence
const nameOf = (line: AuditLine) => ('act' in line ? line.act.subject : (line.call.url ?? ''))
const urlOf = (name: string) => `https://api.example/v1/${name}`

/** Every line that fits, as the room gathers it: answer after answer until there is nothing more. */
async function all(where: AuditFilter, limit = 200): Promise<{ lines: AuditLine[]; answers: number }> {
  const lines: AuditLine[] = []
  let answers = 0
  for (let from: AuditPage['next'] | undefined; from !== null; answers += 1) {
    const page: AuditPage = await host.order({
      name: 'audit-page',
      where,
      limit,
      ...(from === undefined ? {} : { from }),
    })
    lines.push(...page.lines)
    from = page.next
  }
  return { lines, answers }
}

describe('pages of the log', () => {
  const CALLS = 230
  beforeAll(async () => {
    await open()
    log.together(() => {
      // The first call ends after all others have begun and ended.
      const long = log.intent(NOW, { url: urlOf('long') })
      for (let n = 1; n < CALLS; n += 1) {
        const at = NOW + n * 60_000
        const origin = SITES[n % 3] ?? ''
        if (n % 10 === 0) log.refusal(at, { origin, url: urlOf(`${n}`), count: n })
        else {
          const failed = n % 7 === 0
          const intent = log.intent(at, {
            origin,
            url: urlOf(`${n}`),
            ...(n % 2 ? {} : { service: 'other' }),
          })
          log.outcome(intent, at + 5, failed ? { result: 'failed', problem: 'upstream-timeout' } : {})
        }
      }
      log.act(NOW + CALLS * 60_000, 'grant.add', 'Of-The-Owner')
      log.outcome(long, NOW + (CALLS + 1) * 60_000, { result: 'cut', problem: 'session-ended' })
      log.intent(NOW + (CALLS + 2) * 60_000, { url: urlOf('runs') })
    })
  })
  afterAll(close)

  test.each([1, 7, 50, 200])(
    '%d at a time are the whole log, newest first, each line once',
    async (limit) => {
      const { lines } = await all({}, limit)
      const places = lines.map(placeOf)
      expect(places).toEqual(places.toSorted((a, b) => b - a))
      expect(new Set(places).size).toBe(CALLS + 2)
      expect(lines.map(nameOf).slice(0, 3)).toEqual([urlOf('runs'), 'Of-The-Owner', urlOf(`${CALLS - 1}`)])
    },
  )

  test('an outcome finds its call, however many pages lie between them', async () => {
    const { lines, answers } = await all({}, 9)
    expect(answers).toBeGreaterThan(20)
    const calls = lines.flatMap((line) => ('call' in line ? [line] : []))
    expect(calls.at(-1)).toMatchObject({ call: { url: urlOf('long') }, outcome: { result: 'cut' } })
    for (const { call, outcome } of calls) {
      if (call.kind === 'refusal' || call.url === urlOf('runs')) expect(outcome).toBeNull()
      else expect(outcome?.intent).toBe(call.id)
    }
  })

  const count = async (where: AuditFilter) => (await all(where)).lines.length
  const numbers = Array.from({ length: CALLS - 1 }, (_, at) => at + 1)
  const refused = numbers.filter((n) => n % 10 === 0)
  const sent = numbers.filter((n) => n % 10 !== 0)
  const of = (fits: (n: number) => boolean, among = numbers) => among.filter(fits).length

  test('a filter leaves nothing out and lets nothing else in', async () => {
    expect(await count({ kind: 'acts' })).toBe(1)
    expect(await count({ kind: 'calls' })).toBe(CALLS + 1)
    expect(await count({ origin: SITES[1] ?? '' })).toBe(of((n) => n % 3 === 1))
    expect(await count({ service: 'other' })).toBe(of((n) => n % 2 === 0, sent))
    expect(await count({ capability: 'chat', decision: 'deny' })).toBe(refused.length)
    expect(await count({ reason: 'no-rule' })).toBe(refused.length)
    expect(await count({ reason: 'rule-deny' })).toBe(0)
    expect(await count({ decision: 'ask' })).toBe(0)
    expect(await count({ end: 'refused' })).toBe(refused.length)
    expect(await count({ end: 'failed' })).toBe(of((n) => n % 7 === 0, sent))
    expect(await count({ problem: 'upstream-timeout', origin: SITES[0] ?? '' })).toBe(
      of((n) => n % 7 === 0 && n % 3 === 0, sent),
    )
    expect(await count({ end: 'cut' })).toBe(1)
    expect(await count({ end: 'under-way' })).toBe(1)
    expect(await count({ since: NOW + 10 * 60_000, until: NOW + 20 * 60_000 })).toBe(10)
    expect(await count({ origin: 'https://other.example' })).toBe(0)
  })

  test('a text is found wherever a line has it, in letters of any case, and is no pattern', async () => {
    expect(await count({ text: 'OF-the-owner' })).toBe(1)
    expect(await count({ text: 'Grant.Add' })).toBe(1)
    expect(await count({ text: 'V1/LONG' })).toBe(1)
    expect(await count({ text: 'TWO.example' })).toBe(of((n) => n % 3 === 1))
    expect(await count({ text: 'no-rule' })).toBe(refused.length)
    expect(await count({ text: 'session-ended' })).toBe(1)
    expect(await count({ text: '.*' })).toBe(0)
  })

  test('calls, by time, site and service, add up over the answers', async () => {
    const edges = [NOW, NOW + HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR]
    const counts: AuditCounts = await host.order({ name: 'audit-counts', where: {}, edges })
    const within = (from: number, to: number) => (n: number) => n * 60_000 >= from && n * 60_000 < to
    const weight = (n: number) => (n % 10 === 0 ? n : 1)
    const sum = (fits: (n: number) => boolean) =>
      numbers.filter(fits).reduce((total, n) => total + weight(n), 0)
    // The long call stands for itself, in the first hour.
    expect(counts.bars.map(({ calls }) => calls)).toEqual([
      sum(within(0, HOUR)) + 1,
      sum(within(HOUR, 2 * HOUR)),
      sum(within(2 * HOUR, 3 * HOUR)),
    ])
    expect(counts.bars[0]?.refused).toBe(10 + 20 + 30 + 40 + 50)
    const sites = new Map(counts.sites.map((site) => [site.name, site.calls]))
    const counted = within(0, 3 * HOUR)
    expect(sites.get(SITES[2] ?? '')).toBe(sum((n) => counted(n) && n % 3 === 2))
    expect(counts.services.reduce((total, { calls }) => total + calls, 0)).toBe(sum(counted) + 1)
    expect(counts.capabilities).toEqual([
      { name: 'chat', calls: sum(counted) + 1, refused: sum((n) => counted(n) && n % 10 === 0) },
    ])
    const failures = of((n) => counted(n) && n % 7 === 0, sent)
    expect(counts.problems.toSorted((a, b) => a.calls - b.calls)).toEqual([
      { name: 'session-ended', calls: 1, refused: 0 },
      { name: 'upstream-timeout', calls: failures, refused: 0 },
    ])
    // The long call was cut.
    expect(counts.bars.reduce((total, { failed = 0 }) => total + failed, 0)).toBe(failures + 1)
    const refusals = sum((n) => counted(n) && n % 10 === 0)
    expect(counts.reasons).toEqual([{ name: 'no-rule', calls: refusals, refused: refusals }])
    expect(counts.next).toBeNull()
  })
})

describe('a log that grows', () => {
  beforeEach(async () => {
    await open()
    return close
  })

  test('tells what is new above a place, and which of the calls below it have ended', async () => {
    const first = log.intent(NOW, { url: urlOf('first') })
    const second = log.intent(NOW + 1, { url: urlOf('second'), origin: SITES[0] ?? '' })
    const seen = await host.order({ name: 'audit-page', where: {}, limit: 10 })
    log.outcome(second, NOW + 2, { result: 'failed' })
    log.outcome(first, NOW + 3)
    const third = log.intent(NOW + 4, { url: urlOf('third') })
    log.outcome(third, NOW + 5)
    const fresh = (where: AuditFilter) =>
      host.order({ name: 'audit-page', where, limit: 10, above: seen.head })
    const { lines, next, head } = await fresh({})
    expect({ next, head }).toEqual({ next: null, head: 6 })
    expect(lines.map(placeOf).toSorted((a, b) => b - a)).toEqual([5, 2, 1])
    for (const line of lines)
      expect('call' in line && line.outcome?.intent).toBe('call' in line && line.call.id)
    expect((await fresh({ end: 'failed' })).lines.map(placeOf)).toEqual([2])
    expect((await fresh({ origin: SITES[0] ?? '' })).lines.map(placeOf)).toEqual([2])
    expect((await host.order({ name: 'audit-page', where: {}, limit: 10, above: head })).lines).toEqual([])
  })

  test('tells of all of them, where they are more than one answer holds', async () => {
    const calls = log.together(() => Array.from({ length: 25 }, (_, n) => log.intent(NOW + n)))
    log.together(() => {
      for (const each of calls) log.outcome(each, NOW + 100)
    })
    const places: number[] = []
    for (let from: AuditPage['next'] | undefined; from !== null; ) {
      const more = from === undefined ? {} : { from }
      const page: AuditPage = await host.order({
        name: 'audit-page',
        where: {},
        limit: 10,
        above: 25,
        ...more,
      })
      expect(page.lines.length).toBeLessThanOrEqual(10)
      places.push(...page.lines.map(placeOf))
      from = page.next
    }
    expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1))
  })

  test('keeps no other order waiting while it is searched', async () => {
    log.together(() => {
      for (let n = 0; n < 3500; n += 1) log.act(NOW + n, 'service.add', `${n}`)
    })
    const answered: string[] = []
    const edges = [0, NOW * 2]
    const search = host.order({ name: 'audit-page', where: { text: 'nowhere' }, limit: 5 })
    const orders = [
      search.then(() => answered.push('search')),
      host.order({ name: 'audit-counts', where: {}, edges }).then(() => answered.push('counts')),
      host.order({ name: 'audit-verify' }).then(() => answered.push('verify')),
      host.order({ name: 'session-list' }).then(() => answered.push('sessions')),
    ]
    await Promise.all(orders)
    expect(answered[0]).toBe('sessions')
    // Nor does one answer go through all of it: whoever asks may leave it there.
    const { lines, next, looked, head } = await search
    expect({ lines, head }).toEqual({ lines: [], head: 3500 })
    expect(looked).toBeLessThan(3500)
    expect(next?.below).toBe(3500 - looked + 1)
    // What was looked through once has an index, and one answer goes through all of it.
    expect(await all({ text: 'nowhere' })).toEqual({ lines: [], answers: expect.any(Number) })
    expect(await all({ text: 'nowhere' })).toEqual({ lines: [], answers: 1 })
    expect((await all({ text: '3499' })).lines).toHaveLength(1)
  })

  test('fits into the frames it goes over, however long the addresses in it are', async () => {
    const url = `https://api.example/${'x'.repeat(15_000)}`
    log.together(() => {
      for (let n = 0; n < 150; n += 1) log.intent(NOW + n, { url })
    })
    const { lines, answers } = await all({})
    expect(lines).toHaveLength(150)
    expect(answers).toBeGreaterThan(3)
  })
})

describe('a check of the log', () => {
  beforeEach(async () => {
    await open()
    acts(300)
    return close
  })

  const acts = (count: number) =>
    log.together(() => {
      for (let n = 0; n < count; n += 1) log.act(NOW + n, 'service.add', `${n}`)
    })

  async function check(): Promise<AuditCheck[]> {
    const answers: AuditCheck[] = []
    for (let next: AuditCheck['next'] = null; ; ) {
      const answer: AuditCheck = await host.order({
        name: 'audit-verify',
        ...(next === null ? {} : { from: next }),
      })
      answers.push(answer)
      if (answer.finding !== null) return answers
      next = answer.next
    }
  }

  test('goes through all of it, part by part, and comes to what the command comes to', async () => {
    acts(3000)
    const answers = await check()
    expect(answers.length).toBeGreaterThan(1)
    expect(answers[0]).toMatchObject({ finding: null, head: 3300 })
    expect(answers.at(-1)?.finding).toEqual({ ok: true, records: 3300 })
    expect(verifyAudit(vault.store, vault.keys)).toEqual({ ok: true, records: 3300 })
  })

  test.each([
    ['a record changed', 'UPDATE audit SET at = at + 1 WHERE sequence = 250', 250, 'mac'],
    ['a record taken out', 'DELETE FROM audit WHERE sequence = 7', 7, 'missing'],
    ['the end cut off', 'DELETE FROM audit WHERE sequence > 290', 291, 'missing'],
    ['the head gone', "DELETE FROM meta WHERE name = 'audit-head'", 301, 'head'],
  ])('finds %s, and where', async (_, sql, firstBad, reason) => {
    vault.store.run(sql)
    const finding = { ok: false, records: firstBad - 1, firstBad, reason }
    expect((await check()).at(-1)?.finding).toEqual(finding)
    expect(verifyAudit(vault.store, vault.keys)).toEqual(finding)
  })

  test('does not take the word of whoever goes on from a seal that was never there', async () => {
    const from = { sequence: 200, mac: 'ab'.repeat(32) }
    const { finding } = await host.order({ name: 'audit-verify', from })
    expect(finding).toMatchObject({ ok: false, firstBad: 201 })
  })

  test('says of a record that cannot be opened that the store is damaged, and answers on', async () => {
    vault.store.run('UPDATE audit SET sealed = zeroblob(80) WHERE sequence = 299')
    await expect(host.order({ name: 'audit-page', where: {}, limit: 5 })).rejects.toMatchObject({
      code: 'store-damaged',
    })
    expect(
      await host.order({
        name: 'audit-page',
        where: { text: randomUUID() },
        limit: 5,
        from: { below: 100, open: [] },
      }),
    ).toMatchObject({ lines: [], next: null })
  })
})
