import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { Wire } from './fairness-wire.ts'

// Prints how long a modest site's small call takes while another site of the same host is greedy, beside how long it takes
// alone: in turns within one run, because what else runs on the machine changes from one second to the next.
// `node test/bench/fairness.ts [PART OF A LOAD'S NAME] [FLAGS OF NODE FOR THE HOST ...]`.

/** Turns of each kind, and calls in each. */
const TURNS = 5
const CALLS = 40
/** Between two calls of the modest site, ms: a page that asks all the time is not modest. */
const PAUSE = 5
/** Until a load has begun to weigh, and until the last of it is gone, ms. */
const SETTLE = 400

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

async function small(wire: Wire, document: number, url: string): Promise<number[]> {
  const took: number[] = []
  for (let n = 0; n < CALLS; n++) {
    const start = performance.now()
    const ended = await wire.ask(document, `${url}/small`).over
    if (ended !== 'end') throw new Error(`a small call ended with ${ended}`)
    took.push(performance.now() - start)
    await later(PAUSE)
  }
  return took
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

function row(name: string, alone: number[], beside: number[]): string {
  for (const times of [alone, beside]) times.sort((a, b) => a - b)
  const figures = [0.5, 0.99].map((part) => {
    const [before, now] = [at(alone, part), at(beside, part)]
    return `${before.toFixed(1).padStart(8)} ${now.toFixed(1).padStart(8)} ${(now / before).toFixed(2).padStart(6)}`
  })
  return `${name.padEnd(42)}${figures.join('  ')}`
}

async function measure(name: string, load: Load, wire: Wire, urls: { greedy: string; modest: string }) {
  const modest = await wire.document(MODEST)
  const [alone, beside]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < TURNS; turn++) {
    alone.push(...(await small(wire, modest, urls.modest)))
    const greedy = await wire.document(GREEDY)
    let isOver = false
    load({ ask: (path, page) => wire.ask(greedy, urls.greedy + path, page), goesOn: () => !isOver })
    await later(SETTLE)
    beside.push(...(await small(wire, modest, urls.modest)))
    isOver = true
    wire.leave(greedy)
    await later(SETTLE)
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
console.log(`${' '.repeat(42)}  p50 alone  beside ratio      p99 alone  beside ratio   (ms)`)
for (const [name, load] of Object.entries(LOADS)) {
  if (!name.includes(only)) continue
  const wire = await Wire.start([process.execPath, ...flags, MAIN, '--home', vault.home])
  await measure(name, load, wire, urls)
  await wire.close()
}
for (const server of servers) server.end()
await vault.remove()
