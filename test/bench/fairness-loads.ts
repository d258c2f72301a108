import { setTimeout as later } from 'node:timers/promises'
import type { Wire } from './fairness-wire.ts'

/** Where a load is made: the greedy site's document and how it asks. */
export interface Greed {
  readonly ask: (path: string, page?: Parameters<Wire['ask']>[2]) => ReturnType<Wire['ask']>
  /** True while the load is to go on. */
  readonly goesOn: () => boolean
}

/** Begins a load. What goes on by itself ends with the document. */
export type Load = (greed: Greed) => void

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
/** What a greedy site does, by name. */
export const LOADS: Record<string, Load> = {
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
