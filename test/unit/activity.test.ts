import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ActivityCounts } from '../../extension/control/activity-counts.ts'
import { CSV_HEAD, csvLine } from '../../extension/control/activity-csv.ts'
import { callEnd, lineAt } from '../../extension/control/activity-line.ts'
import { ActivityLines, LINES_AT_A_TIME, MOST_LINES } from '../../extension/control/activity-lines.ts'
import { ActivityModel, EVERYTHING, filterOf } from '../../extension/control/activity-model.ts'
import { edgesOf, PERIODS } from '../../extension/control/activity-period.ts'
import { LogCheck } from '../../extension/control/log-check.ts'
import type { Owner } from '../../extension/ui/owner.ts'
import { countAudit } from '../../native-host/audit/count-audit.ts'
import { pageAudit } from '../../native-host/audit/page-audit.ts'
import { verifyLog } from '../../native-host/owner/verify-log.ts'
import type { AuditLine } from '../../shared/protocol/audit-reading.ts'
import { CommandSchema } from '../../shared/protocol/commands.ts'
import { AuditLog } from '../support/audit-log.ts'
import { openVault, type VaultFixture } from './vault-fixture.ts'

/** The activity room's models, on the host's own functions and a real log. */

const NOW = Date.parse('2026-06-15T12:34:56Z')
const MINUTE = 60_000

let vault: VaultFixture
let log: AuditLog
let changed: () => void
/** Held back until it is called: the answer to the next order. */
let gate: Promise<void>

beforeEach(() => {
  vault = openVault()
  log = new AuditLog(vault)
  changed = () => {}
  gate = Promise.resolve()
})
afterEach(() => vault.remove())

/** A line to the host's functions; every order has to fit the wire. */
const owner = {
  async send(command: Parameters<Owner['send']>[0]): Promise<unknown> {
    CommandSchema.parse(command)
    const { store, keys } = vault
    await gate
    if (command.name === 'audit-page') return pageAudit(store, keys, { ...command, mostBytes: 400_000 })
    if (command.name === 'audit-counts') return countAudit(store, keys, command)
    if (command.name === 'audit-verify')
      return verifyLog({ store, keys, now: () => NOW, by: 'extension' }, command.from)
    throw new Error('another order')
  },
  onChanged(listener: () => void) {
    changed = listener
    return () => {
      changed = () => {}
    }
  },
} as unknown as Pick<Owner, 'send' | 'onChanged'>

const urlOf = (line: AuditLine) => ('call' in line ? line.call.url?.split('/').at(-1) : line.act.subject)
const placesOf = (lines: readonly AuditLine[] | null) => (lines ?? []).map(({ sequence }) => sequence)

function calls(count: number, from = 0): string[] {
  return log.together(() =>
    Array.from({ length: count }, (_, n) =>
      log.intent(NOW + from + n, { url: `https://api.example/${from + n}` }),
    ),
  )
}

describe('the lines', () => {
  test('come newest first, older ones after them, and no line twice or never', async () => {
    calls(250)
    const lines = new ActivityLines(owner)
    await lines.search({})
    expect(placesOf(lines.state.lines)).toEqual(Array.from({ length: LINES_AT_A_TIME }, (_, n) => 250 - n))
    await lines.older()
    await lines.older()
    expect(placesOf(lines.state.lines)).toEqual(Array.from({ length: 250 }, (_, n) => 250 - n))
    expect(lines.state).toMatchObject({ next: null, isLooking: false, trouble: null })
  })

  test('go on with a new list where a window holds no more, and begin anew from the newest', async () => {
    calls(MOST_LINES + 30)
    const lines = new ActivityLines(owner)
    await lines.search({})
    while ((lines.state.lines?.length ?? 0) < MOST_LINES) await lines.older()
    expect(lines.state.isNewest).toBe(true)
    await lines.older()
    expect(placesOf(lines.state.lines)).toEqual(Array.from({ length: 30 }, (_, n) => 30 - n))
    expect(lines.state.isNewest).toBe(false)
    await lines.search({})
    expect(lines.state.lines?.[0]?.sequence).toBe(MOST_LINES + 30)
  })

  test('that are new go on top, and calls that ended change where they stand', async () => {
    const [first = ''] = calls(3)
    const lines = new ActivityLines(owner)
    await lines.search({})
    log.outcome(first, NOW + 10, { result: 'cut' })
    calls(2, 100)
    await lines.news()
    expect((lines.state.lines ?? []).map(urlOf)).toEqual(['101', '100', '2', '1', '0'])
    const last = lines.state.lines?.at(-1)
    expect(last !== undefined && 'call' in last && callEnd(last)).toBe('cut')
    await lines.news()
    expect(lines.state.lines).toHaveLength(5)
  })

  test('that are new wait while the owner reads further down, and calls that end do not', async () => {
    const [first = ''] = calls(3)
    const lines = new ActivityLines(owner)
    await lines.search({})
    lines.follows = false
    const [fresh = ''] = calls(2, 100)
    log.outcome(first, NOW + 200)
    await lines.news()
    log.outcome(fresh, NOW + 300, { result: 'failed' })
    calls(1, 400)
    await lines.news()
    expect((lines.state.lines ?? []).map(urlOf)).toEqual(['2', '1', '0'])
    expect(lines.state.lines?.at(-1)).toMatchObject({ outcome: { result: 'sent' } })
    expect(lines.state.held.map(urlOf)).toEqual(['400', '101', '100'])
    expect(lines.state.held.at(-1)).toMatchObject({ outcome: { result: 'failed' } })
    lines.showHeld()
    expect((lines.state.lines ?? []).map(urlOf)).toEqual(['400', '101', '100', '2', '1', '0'])
    expect(lines.state.held).toEqual([])
  })

  test('of calls under way leave when these end, and of failed ones come when they fail', async () => {
    const [first = '', second = ''] = calls(2)
    const running = new ActivityLines(owner)
    const failed = new ActivityLines(owner)
    await running.search({ end: 'under-way' })
    await failed.search({ end: 'failed' })
    log.outcome(second, NOW + 5, { result: 'failed' })
    log.outcome(first, NOW + 6)
    await running.news()
    await failed.news()
    expect(running.state.lines).toEqual([])
    expect((failed.state.lines ?? []).map(urlOf)).toEqual(['1'])
  })

  test('of calls that met a problem come when they meet it, in the place of the call', async () => {
    const [first = '', second = ''] = calls(3)
    const timedOut = new ActivityLines(owner)
    await timedOut.search({ problem: 'upstream-timeout' })
    expect(timedOut.state.lines).toEqual([])
    log.outcome(second, NOW + 5, { result: 'failed', problem: 'upstream-timeout' })
    log.outcome(first, NOW + 6, { result: 'failed', problem: 'internal' })
    await timedOut.news()
    expect((timedOut.state.lines ?? []).map(urlOf)).toEqual(['1'])
  })

  test('further down show how a call ended since the list was begun', async () => {
    const [first = ''] = calls(LINES_AT_A_TIME + 20)
    const lines = new ActivityLines(owner)
    await lines.search({})
    log.outcome(first, NOW + 1000, { result: 'cut' })
    await lines.news()
    await lines.older()
    expect(lines.state.lines?.at(-1)).toMatchObject({ sequence: 1, outcome: { result: 'cut' } })
  })

  test('of a search that was given up for another one are never shown', async () => {
    calls(5)
    log.act(NOW, 'grant.add', 'the act')
    const lines = new ActivityLines(owner)
    const open = Promise.withResolvers<void>()
    gate = open.promise
    const first = lines.search({ kind: 'calls' })
    const second = lines.search({ kind: 'acts' })
    open.resolve()
    await Promise.all([first, second])
    expect((lines.state.lines ?? []).map(urlOf)).toEqual(['the act'])
  })

  test('of a long log that hardly any fits are looked for until they are found, or the owner says stop', async () => {
    log.act(NOW, 'grant.add', 'needle')
    calls(2500)
    const lines = new ActivityLines(owner)
    await lines.search({ text: 'NEEDLE' })
    expect((lines.state.lines ?? []).map(urlOf)).toEqual(['needle'])
    expect(lines.state.looked).toBe(2501)
    await lines.search({ text: 'nowhere' })
    expect(lines.state).toMatchObject({ lines: [], next: null })
    // What was looked through once is not opened again: the next search is long only where there is something new.
    calls(2500)
    const again = lines.search({ text: 'nowhere' })
    const stop = lines.onChange(({ looked }) => {
      if (looked > 0 && lines.state.isLooking) lines.stop()
    })
    await again
    stop()
    expect(lines.state).toMatchObject({ isLooking: false, isStopped: true, looked: 2001 })
    await lines.older()
    expect(lines.state).toMatchObject({ next: null, isStopped: false })
  })
})

describe('the counts', () => {
  const counted = async () => {
    const counts = new ActivityCounts(owner, () => NOW)
    await counts.count({}, 'day')
    return counts
  }

  test('are of the period alone, by hour, by site and by service, and grow with the log', async () => {
    log.intent(NOW - 30 * 3_600_000, { origin: 'https://old.example' })
    log.intent(NOW - 61 * MINUTE)
    log.intent(NOW, { origin: 'https://b.example', service: 'other' })
    log.refusal(NOW, { origin: 'https://b.example', count: 3 })
    const counts = await counted()
    const shown = () => counts.state.bars.slice(-2).map(({ calls: all, refused }) => [all, refused])
    expect(shown()).toEqual([
      [1, 0],
      [4, 3],
    ])
    expect(counts.state.sites).toEqual([
      { name: 'https://b.example', calls: 4, refused: 3 },
      { name: 'https://site.example', calls: 1, refused: 0 },
    ])
    log.intent(NOW)
    await counts.news()
    await counts.news()
    expect(shown()[1]).toEqual([5, 3])
    expect(counts.state.services).toEqual([
      { name: 'model', calls: 5, refused: 3 },
      { name: 'other', calls: 1, refused: 0 },
    ])
  })

  test('of failures are by what calls failed with, the most frequent first, and grow as calls fail', async () => {
    const [first = '', second = '', third = '', fourth = ''] = calls(5)
    log.outcome(first, NOW + 10, { result: 'failed', problem: 'internal' })
    log.outcome(second, NOW + 11, { result: 'cut', problem: 'session-ended' })
    log.outcome(third, NOW + 12)
    const counts = await counted()
    expect(counts.state.problems.map(({ name, calls: all }) => [name, all])).toEqual([
      ['internal', 1],
      ['session-ended', 1],
    ])
    const late = log.intent(NOW + 13)
    log.outcome(late, NOW + 14, { result: 'cut', problem: 'session-ended' })
    // One that was counted while it ran.
    log.outcome(fourth, NOW + 15, { result: 'cut', problem: 'session-ended' })
    await counts.news()
    expect(counts.state.problems[0]).toEqual({ name: 'session-ended', calls: 3, refused: 0 })
    expect(counts.state.sites).toEqual([{ name: 'https://site.example', calls: 6, refused: 0 }])
  })

  test('of failed and cut calls stand in the bar of the call, also of one that was counted while it ran', async () => {
    const [first = '', second = '', third = ''] = calls(4)
    log.outcome(first, NOW + 10, { result: 'failed', problem: 'internal' })
    log.outcome(second, NOW + 11)
    log.refusal(NOW, { count: 5 })
    const counts = await counted()
    expect(counts.state.bars.at(-1)).toEqual({ calls: 9, refused: 5, failed: 1 })
    log.outcome(third, NOW + 12, { result: 'cut', problem: 'session-ended' })
    await counts.news()
    await counts.news()
    expect(counts.state.bars.at(-1)).toEqual({ calls: 9, refused: 5, failed: 2 })
  })

  test('of a part of a period are of that part alone, stay there as time goes on, and go back to all of it', async () => {
    for (const minutes of [200, 66, 65, 5]) log.intent(NOW - minutes * MINUTE)
    let now = NOW
    const counts = new ActivityCounts(owner, () => now)
    const span = { since: NOW - 100 * MINUTE, until: NOW - 40 * MINUTE }
    await counts.count({}, 'day', span)
    const all = () => counts.state.bars.reduce((sum, bar) => sum + bar.calls, 0)
    expect([counts.state.edges[0], counts.state.edges.at(-1), all()]).toEqual([span.since, span.until, 2])
    now += 2 * 3_600_000
    log.intent(now)
    await counts.news()
    expect([counts.state.edges[0], counts.state.edges.at(-1), all()]).toEqual([span.since, span.until, 2])
    await counts.count({}, 'day')
    expect(all()).toBe(5)
  })

  test('of what calls failed with have a call that runs once it fails, and once', async () => {
    const running = calls(260)
    const counts = new ActivityCounts(owner, () => NOW)
    await counts.count({ problem: 'upstream-timeout' }, 'day')
    expect(counts.state.sites).toEqual([])
    // More of them than one answer tells of.
    log.together(() => {
      for (const each of running)
        log.outcome(each, NOW + 500, { result: 'failed', problem: 'upstream-timeout' })
    })
    const failed = { calls: 260, refused: 0 }
    for (let looks = 0; looks < 2; looks += 1) {
      await counts.news()
      expect(counts.state.sites).toEqual([{ name: 'https://site.example', ...failed }])
      expect(counts.state.problems).toEqual([{ name: 'upstream-timeout', ...failed }])
    }
  })

  test('of more records than one answer goes through are the sum of all answers', async () => {
    calls(4500)
    const counts = await counted()
    expect(counts.state.sites).toEqual([{ name: 'https://site.example', calls: 4500, refused: 0 }])
    expect(counts.state.looked).toBe(4500)
  })

  test('of calls that are made while they are counted have each of them once', async () => {
    calls(2500)
    const counts = new ActivityCounts(owner, () => NOW)
    let made = 0
    counts.onChange(({ looked }) => {
      if (looked > 0 && made++ === 0) log.intent(NOW)
    })
    await counts.count({}, 'day')
    expect(counts.state.sites[0]?.calls).toBe(2500)
    await counts.news()
    expect(counts.state.sites[0]?.calls).toBe(2501)
  })

  test('begin anew when an hour is over', async () => {
    calls(1)
    let now = NOW
    const counts = new ActivityCounts(owner, () => now)
    await counts.count({}, 'day')
    const [first] = counts.state.edges
    now += 3_600_000
    await counts.news()
    expect(counts.state.edges[0]).toBe((first ?? 0) + 3_600_000)
    expect(counts.state.sites[0]?.calls).toBe(1)
  })

  test.each(PERIODS)('have edges that ascend and hold the moment in their last part (%s)', (period) => {
    for (const now of [NOW, Date.parse('2026-03-29T01:30:00Z'), Date.parse('2026-10-25T00:30:00Z')]) {
      const edges = edgesOf(period, now)
      expect(edges).toEqual(edges.toSorted((a, b) => a - b))
      expect(new Set(edges).size).toBe(edges.length)
      expect(edges.at(-2)).toBeLessThanOrEqual(now)
      expect(edges.at(-1)).toBeGreaterThan(now)
    }
  })
})

describe('a check of the log', () => {
  test('ends with the number of records, or with the first that is not in order', async () => {
    calls(3000)
    const check = new LogCheck(owner)
    const seen: number[] = []
    check.onChange(({ checked }) => seen.push(checked))
    await check.start()
    expect(check.state).toMatchObject({ isChecking: false, finding: { ok: true, records: 3000 } })
    expect(new Set(seen).size).toBeGreaterThan(1)
    vault.store.run('UPDATE audit SET at = at + 1 WHERE sequence = 2900')
    await check.start()
    expect(check.state.finding).toEqual({ ok: false, records: 2899, firstBad: 2900, reason: 'mac' })
  })

  test('that is left has found nothing', async () => {
    calls(3000)
    const check = new LogCheck(owner)
    let stops = 0
    check.onChange(({ checked }) => {
      if (checked > 0 && stops++ === 0) check.stop()
    })
    await check.start()
    expect(stops).toBe(1)
    expect(check.state).toMatchObject({ isChecking: false, finding: null })
  })
})

describe('a file of the activity', () => {
  async function written(format: 'jsonl' | 'csv', part: Partial<typeof EVERYTHING> = {}): Promise<string> {
    const files: [Blob, string][] = []
    const model = new ActivityModel(
      owner,
      (file, name) => files.push([file, name]),
      () => NOW,
    )
    model.choose(part)
    await new Promise<void>((done) => {
      model.file.onChange(({ isWriting }) => !isWriting && done())
      model.write(format)
    })
    model.close()
    expect(files.map(([, name]) => name)).toEqual([`valetkey-activity-2026-06-15.${format}`])
    return (await files[0]?.[0].text()) ?? ''
  }

  test('has every line that was chosen, each as it was recorded', async () => {
    const [first = ''] = calls(450)
    log.outcome(first, NOW + 999)
    log.act(NOW, 'grant.add', 'not chosen')
    const lines = (await written('jsonl', { what: 'calls' }))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 450 }, (_, n) => 450 - n))
    expect(lines.at(-1)).toMatchObject({ call: { id: first }, outcome: { intent: first } })
  })

  test('is CSV that a reader takes apart as it was put together, and no cell of it is a formula', async () => {
    const hostile = ['=cmd|x', '+1', '-1', '@sum', '\tx', 'a"b,c', 'line\r\nend', '＝1']
    for (const subject of hostile) log.act(NOW, 'grant.add', subject)
    const text = await written('csv')
    expect(text.startsWith(CSV_HEAD)).toBe(true)
    const rows = parsed(text).slice(1)
    const subjects = rows.map((cells) => cells[28])
    expect(subjects.toReversed()).toEqual(
      hostile.map((each) => (/^[=+\-@\t＝]/.test(each) ? `'${each}` : each)),
    )
    for (const cells of rows) expect(cells).toHaveLength(30)
  })

  test('says of a call how it ended and what it used', () => {
    log.outcome(log.intent(NOW, { query: ['a', 'b'] }), NOW + 5, {
      tokens: { input: 3, output: 4 },
      cost: 70,
    })
    return written('csv').then((text) => {
      const [head = [], row = []] = parsed(text)
      const cell = (name: string) => row[head.indexOf(name)]
      expect(
        ['time', 'end', 'status', 'tokens_in', 'tokens_out', 'cost_millionths', 'query_names'].map(cell),
      ).toEqual([new Date(NOW).toISOString(), 'sent', '200', '3', '4', '70', 'a b'])
    })
  })

  test('neutralises a cell of every kind', () => {
    const id = '7a1f0a52-6d0c-4c8b-9f4e-0f4b5a2f9a11'
    const act = { kind: 'act', id, at: NOW, act: '=a', subject: '@b', by: '+c' } as const
    expect(csvLine({ sequence: 1, act })).toContain(",'=a,'@b,'+c\r\n")
  })
})

describe('what was chosen', () => {
  test('is asked for in the host’s terms', () => {
    expect(filterOf(EVERYTHING, NOW)).toEqual({})
    expect(
      filterOf({ ...EVERYTHING, text: '  a ', what: 'failed', origin: 'https://a', service: 's' }, NOW),
    ).toEqual({ text: 'a', kind: 'calls', end: 'failed', origin: 'https://a', service: 's' })
    expect(filterOf({ ...EVERYTHING, what: 'asked', capability: 'c' }, NOW)).toEqual({
      kind: 'calls',
      decision: 'ask',
      capability: 'c',
    })
    expect(filterOf({ ...EVERYTHING, what: 'refused', reason: 'no-rule' }, NOW)).toEqual({
      kind: 'calls',
      end: 'refused',
      reason: 'no-rule',
    })
    expect(filterOf({ ...EVERYTHING, problem: 'upstream-timeout' }, NOW)).toEqual({
      problem: 'upstream-timeout',
    })
    expect(filterOf({ ...EVERYTHING, what: 'acts', period: 'day' }, NOW)).toEqual({
      kind: 'acts',
      since: edgesOf('day', NOW)[0],
    })
  })

  test('of a part of a period is over with that period, and is in the file too', () => {
    const span = { since: NOW - 500, until: NOW - 200 }
    expect(filterOf({ ...EVERYTHING, period: 'day', span }, NOW)).toEqual(span)
    const model = new ActivityModel(
      owner,
      () => {},
      () => NOW,
    )
    model.choose({ span })
    model.choose({ service: 's' })
    expect(model.state.span).toEqual(span)
    model.choose({ period: 'week' })
    expect(model.state.span).toBeNull()
    model.close()
  })

  test('is followed as the log grows, until the room is left', async () => {
    const model = new ActivityModel(
      owner,
      () => {},
      () => NOW,
    )
    const shown = (count: number) =>
      new Promise<void>((done) => {
        const look = () => (model.lines.state.lines?.length ?? 0) >= count && done()
        model.lines.onChange(look)
        look()
      })
    calls(1)
    await shown(1)
    calls(1, 10)
    changed()
    await shown(2)
    expect((model.lines.state.lines ?? []).map(lineAt)).toEqual([NOW + 10, NOW])
    model.close()
    const before = changed
    expect(before()).toBeUndefined()
  })
})

/** RFC 4180, read by hand: the cells of each line. */
function parsed(text: string): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(cells)
    cells = []
  }
  return rows
}
