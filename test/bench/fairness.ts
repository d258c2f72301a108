import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { Wire } from './fairness-wire.ts'

// Prints how long a modest site's small call takes while another site of the same host is greedy, beside how long it takes
// alone: in turns within one run, because what else runs on the machine changes from one second to the next.
// `node test/bench/fairness.ts [PART OF A LOAD'S NAME] [FLAGS OF NODE FOR THE HOST ...]`.
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

const later = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

async function upstream(): Promise<{ url: string; end(): void }> {
  const child = fork(UPSTREAM)
  const port = await new Promise((resolve) => child.once('message', resolve))
  return { url: `http://127.0.0.1:${port}/v1`, end: () => child.disconnect() }
}

/** Where a load is made: the greedy site's document and how it asks. */
interface Greed {
  readonly ask: (path: string, page?: Parameters<Wire['ask']>[2]) => ReturnType<Wire['ask']>
  /** True while the load is to go on. */
  readonly goesOn: () => boolean
}

/** Begins a load. What goes on by itself ends with the document. */
type Load = (greed: Greed) => void

const many =
  (count: number, path: string, page: Parameters<Wire['ask']>[2] = {}): Load =>
  ({ ask }) => {
    for (let n = 0; n < count; n++) ask(path, page)
  }

/** The same call over and over, so many at once. */
const again =
  (count: number, path: string, page: Parameters<Wire['ask']>[2] = {}): Load =>
  ({ ask, goesOn }) => {
    const one = async () => {
      while (goesOn()) await ask(path, page).over
    }
    for (let n = 0; n < count; n++) void one()
  }

/** So many calls each tenth of a second. */
const each =
  (count: number, call: (ask: Greed['ask']) => void): Load =>
  async ({ ask, goesOn }) => {
    for (; goesOn(); await later(100)) for (let n = 0; n < count; n++) call(ask)
  }

const CODINGS = ['br', 'gzip', 'zstd']
const LOADS: Record<string, Load> = {
  ...Object.fromEntries(
    CODINGS.map((coding) => [`10 ${coding} bombs, read`, again(10, `/bomb?coding=${coding}`)]),
  ),
  ...Object.fromEntries(
    CODINGS.map((coding) => [
      `10 ${coding} bombs, unread`,
      many(10, `/bomb?coding=${coding}`, { reads: false }),
    ]),
  ),
  '200 endless bodies, unread': many(200, '/endless', { reads: false }),
  '200 dripping streams': many(200, '/drip'),
  'one endless body, read': many(1, '/endless'),
  'eight endless bodies, read': many(8, '/endless'),
  'one upload without end': again(1, '/sink', { method: 'POST', upload: 64 * 1024 * 1024 }),
  '200 refused calls a second': each(20, (ask) => ask('/small', { method: 'DELETE' })),
  '100,000 tiny chunks': again(1, '/tiny?count=100000'),
  '100 calls a second opened and cancelled': each(10, (ask) => {
    const call = ask('/endless')
    setTimeout(() => call.cancel(), 50)
  }),
  '100 small calls at a time, in bursts': each(100, (ask) => ask('/small')),
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

function row(name: string, alone: Took[][], beside: Took[][]): string {
  const compared = (of: keyof Took, part: number) => {
    const [before = 0, now = 0] = [alone, beside].map((turns) =>
      at(
        turns.flat().map((took) => took[of]),
        part,
      ),
    )
    return `${before.toFixed(1).padStart(8)} ${now.toFixed(1).padStart(8)} ${(now / before).toFixed(2).padStart(6)}`
  }
  const figures = [
    compared('whole', 0.5),
    compared('whole', 0.99),
    compared('worked', 0.5),
    compared('worked', 0.99),
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

async function measure(name: string, load: Load, wire: Wire, urls: { greedy: string; modest: string }) {
  const modest = await wire.document(MODEST)
  // What a host learns in its first calls is no load's doing.
  await small(wire, modest, urls.modest)
  const [alone, beside]: [Took[][], Took[][]] = [[], []]
  for (let turn = 0; turn < TURNS; turn++) {
    alone.push(await small(wire, modest, urls.modest))
    const greedy = await wire.document(GREEDY)
    let isOver = false
    load({ ask: (path, page) => wire.ask(greedy, urls.greedy + path, page), goesOn: () => !isOver })
    await later(SETTLE)
    beside.push(await small(wire, modest, urls.modest))
    isOver = true
    wire.leave(greedy)
    await quiet(wire)
  }
  console.log(row(name, alone, beside))
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
const vault = await vaultFor(urls.greedy, urls.modest)
console.log(
  `${' '.repeat(42)} p50 alone beside ratio   p99 alone beside ratio  host alone beside ratio  host p99 alone beside ratio   (ms)`,
)
for (const [name, load] of Object.entries(LOADS)) {
  if (!name.includes(only)) continue
  const wire = await Wire.start([process.execPath, ...flags, MAIN, '--home', vault.home])
  await measure(name, load, wire, urls)
  await wire.close()
}
for (const server of servers) server.end()
await vault.remove()
