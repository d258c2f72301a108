import { fork } from 'node:child_process'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { LOADS, type Load } from './fairness-loads.ts'
import { Wire } from './fairness-wire.ts'

// Prints how long a modest site's small call takes while another site is greedy, beside how long it takes alone: in turns within
// one run, because what else runs on the machine changes from one second to the next.
// `node test/bench/fairness.ts [PART OF A LOAD'S NAME] [FLAGS OF NODE FOR THE HOST ...]`.
//
// `beside`: the greedy site is another of the same host. `apart`: it has a host and a vault of its own, on the same machine. What
// a load takes of the processors, the disk and the loopback it takes either way, from calls without any broker too; how much
// worse `beside` is than `apart` is what the sites lose by sharing one host.
//
// `host`: for how long the host itself worked from the ask to the end of the answer, on whatever it was. What the machine
// gave to other programs meanwhile is not in it, nor what the disk took. A row is marked with `?` where the machine was
// too busy to say anything by the clock; `host` holds then as well.

/** Turns of each kind, and calls in each. */
const TURNS = 8
const CALLS = 30
/** Between two calls of the modest site, ms: a page that asks all the time is not modest. */
const PAUSE = 5
/** Until a load has begun to weigh, ms. */
const SETTLE = 400
/** The last of a load is gone once the host worked less than a tenth of so long, ms; it is waited for so many times. */
const QUIET = 100
const QUIET_LOOKS = 50
/** By the clock nothing is said where the host waited for a processor for this part of the time, or alone one turn took so many times another's. */
const MOST_WAITING = 0.25
const MOST_SPREAD = 2

const GREEDY = 'https://greedy.example'
const MODEST = 'https://modest.example'
const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))
const UPSTREAM = fileURLToPath(new URL('fairness-upstream.ts', import.meta.url))

async function upstream(): Promise<{ url: string; end(): void }> {
  const child = fork(UPSTREAM)
  const port = await new Promise((resolve) => child.once('message', resolve))
  return { url: `http://127.0.0.1:${port}/v1`, end: () => child.disconnect() }
}

/** One call, milliseconds. */
interface Took {
  readonly whole: number
  /** The host worked. */
  readonly worked: number
  /** The host had work, and no processor to do it on. */
  readonly waited: number
}

async function small(wire: Wire, document: number, url: string): Promise<Took[]> {
  const took: Took[] = []
  for (let n = 0; n < CALLS; n++) {
    const before = wire.schedule()
    const start = performance.now()
    const ended = await wire.ask(document, `${url}/small`).over
    if (ended !== 'end') throw new Error(`a small call ended with ${ended}`)
    const whole = performance.now() - start
    const { worked, waited } = wire.schedule()
    took.push({ whole, worked: worked - before.worked, waited: waited - before.waited })
    await later(PAUSE)
  }
  return took
}

/** Until what the host still has to do of a load is done. */
async function quiet(wire: Wire): Promise<void> {
  for (let look = 0; look < QUIET_LOOKS; look++) {
    const before = wire.schedule().worked
    await later(QUIET)
    if (wire.schedule().worked - before < QUIET / 10) return
  }
}

function at(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** What was measured of each kind: the calls of each turn. */
interface Measured {
  readonly alone: Took[][]
  readonly apart: Took[][]
  readonly beside: Took[][]
}

function row(name: string, { alone, apart, beside }: Measured): string {
  const compared = (of: keyof Took, part: number, kinds: Took[][][]) => {
    const times = kinds.map((turns) =>
      at(
        turns.flat().map((took) => took[of]),
        part,
      ),
    )
    const ratio = (times.at(-1) ?? Number.NaN) / (times.at(-2) ?? Number.NaN)
    return [...times.map((time) => time.toFixed(1).padStart(7)), ratio.toFixed(2).padStart(6)].join('')
  }
  const figures = [
    compared('whole', 0.5, [alone, apart, beside]),
    compared('whole', 0.99, [alone, apart, beside]),
    compared('worked', 0.5, [alone, beside]),
    compared('worked', 0.99, [alone, beside]),
  ]
  return `${name.padEnd(42)}${figures.join('  ')}  ${doubt(alone, beside)}`
}

/** Why the clock says nothing; empty where it does. */
function doubt(alone: Took[][], beside: Took[][]): string {
  const part = ({ waited, whole }: Took) => waited / whole
  const waiting = Math.max(...[alone, beside].map((turns) => at(turns.flat().map(part), 0.5)))
  const medians = alone.map((turn) =>
    at(
      turn.map(({ whole }) => whole),
      0.5,
    ),
  )
  const spread = Math.max(...medians) / Math.min(...medians)
  if (waiting <= MOST_WAITING && spread <= MOST_SPREAD) return ''
  return `? no processor ${Math.round(waiting * 100)} %, alone it varies ${spread.toFixed(1)} times`
}

interface Urls {
  readonly greedy: string
  readonly modest: string
}

/** The host of the modest site, and the one that a greedy site has to itself. */
interface Hosts {
  readonly shared: Wire
  readonly apart: Wire
}

/** Run `during` while a load weighs on one host; over when nothing of it is left there. */
async function loaded(wire: Wire, load: Load, url: string, during: () => Promise<void>): Promise<void> {
  const greedy = await wire.document(GREEDY)
  let isOver = false
  load({ ask: (path, page) => wire.ask(greedy, url + path, page), goesOn: () => !isOver })
  await later(SETTLE)
  await during()
  isOver = true
  wire.leave(greedy)
  await quiet(wire)
}

async function measure(name: string, load: Load, { shared, apart }: Hosts, urls: Urls): Promise<void> {
  const modest = await shared.document(MODEST)
  // What a host learns in its first calls is no load's doing.
  await small(shared, modest, urls.modest)
  const measured: Measured = { alone: [], apart: [], beside: [] }
  const into = (turns: Took[][]) => async () => void turns.push(await small(shared, modest, urls.modest))
  for (let turn = 0; turn < TURNS; turn++) {
    await into(measured.alone)()
    await loaded(apart, load, urls.greedy, into(measured.apart))
    await loaded(shared, load, urls.greedy, into(measured.beside))
  }
  console.log(row(name, measured))
}

async function vaultFor(greedy: string, modest: string): Promise<OwnedVault> {
  const vault = await OwnedVault.create()
  for (const [id, origin, url] of [
    ['greedy', GREEDY, greedy],
    ['modest', MODEST, modest],
  ] as const) {
    vault.addService(id, url, `sk-of-the-${id}-site-0123456789`)
    vault.addCapability(id, id, ['GET /v1/**', 'POST /v1/**'])
    const capability = findCapability(vault.store, vault.keys, id)
    if (capability === null) throw new Error('no capability')
    vault.connect(origin, capability)
  }
  return vault
}

const [only = '', ...flags] = process.argv.slice(2)
const servers = await Promise.all([upstream(), upstream()])
const urls = { greedy: servers[0].url, modest: servers[1].url }
const vaults = [await vaultFor(urls.greedy, urls.modest), await vaultFor(urls.greedy, urls.modest)] as const
const hostOf = ({ home }: OwnedVault) => Wire.start([process.execPath, ...flags, MAIN, '--home', home])
const byClock = (part: string) =>
  `${`${part} alone`.padStart(7)}${'apart'.padStart(7)}${'beside'.padStart(7)} ratio`
const byWork = (part: string) => `  host ${part}${'beside'.padStart(7)} ratio`
console.log([' '.repeat(40), byClock('p50'), byClock('p99'), byWork('p50'), byWork('p99')].join('  '))
for (const [name, load] of Object.entries(LOADS)) {
  if (!name.includes(only)) continue
  const hosts = { shared: await hostOf(vaults[0]), apart: await hostOf(vaults[1]) }
  await measure(name, load, hosts, urls)
  await Promise.all([hosts.shared.close(), hosts.apart.close()])
}
for (const server of servers) server.end()
await Promise.all(vaults.map((vault) => vault.remove()))
