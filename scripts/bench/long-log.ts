import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { AuditCursor, AuditFilter } from '../../shared/protocol/audit-reading.ts'
import type { Wire } from '../../test/bench/fairness-wire.ts'
import { buildAll } from '../build.ts'
import { type CallingPage, smallCalls, type Took } from './paired-calls.ts'

/** Run the built `valetkey audit verify` on a vault that is open. @returns milliseconds, the start of the command included. */
export async function timeVerify(home: string): Promise<number> {
  const { host } = await buildAll({ targets: ['host'] })
  const started = performance.now()
  const env = { PATH: process.env.PATH ?? '', HOME: home, VALETKEY_HOME: home }
  const child = spawn(process.execPath, [join(host, 'cli.mjs'), 'audit', 'verify'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`audit verify ended with ${code}`)
  return performance.now() - started
}

/** The control room's check of the log, answer after answer. @returns milliseconds. */
export async function timeCheck(wire: Wire): Promise<number> {
  const started = performance.now()
  for (let from: { from?: { sequence: number; mac: string } } = {}; ; ) {
    const answer = await wire.order({ name: 'audit-verify', ...from })
    if (answer.next === null) return performance.now() - started
    from = { from: answer.next }
  }
}

/** Search the whole log for what it does not have, answer after answer. @returns milliseconds. */
export async function timeSearch(wire: Wire, where: AuditFilter = { text: 'nowhere' }): Promise<number> {
  const started = performance.now()
  for (let from: AuditCursor | null | undefined; from !== null; ) {
    const more = from === undefined ? {} : { from }
    from = (await wire.order({ name: 'audit-page', where, limit: 100, ...more })).next
  }
  return performance.now() - started
}

/** A page's small calls while its owner searches the log, over and over where one search is short. */
export async function callsBesideSearch(page: CallingPage, url: string, calls: number): Promise<Took> {
  let isOver = false
  const search = async () => {
    while (!isOver) await timeSearch(page.wire)
  }
  const searching = search()
  const took = await smallCalls(page, url, (made) => made < calls)
  isOver = true
  await searching
  return took
}

/** The same while the log is searched for the first time, and its indexes are made. Ends with the search. */
export async function callsBesideFirstSearch(
  page: CallingPage,
  url: string,
): Promise<{ took: Took; search: number }> {
  let isOver = false
  const searching = timeSearch(page.wire).finally(() => {
    isOver = true
  })
  const took = await smallCalls(page, url, () => !isOver)
  return { took, search: await searching }
}
