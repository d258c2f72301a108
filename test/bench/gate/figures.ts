import type { Page } from '../fairness-wire.ts'
import type { GateHost, GateHosts } from './hosts.ts'

/** Work that our host and the bare one are given alike. */
export interface GateFigure {
  readonly name: string
  readonly path: string
  /** Calls of a slice, and how many of them at a time. */
  readonly calls: number
  readonly together: number
  readonly page?: Page
}

const MIB = 1024 * 1024

/** What the gate looks at: one small call with all that is recorded of it, and bytes in either direction. */
export const FIGURES: readonly GateFigure[] = [
  { name: 'small-call', path: '/small', calls: 30, together: 1 },
  { name: 'binary-down', path: '/binary?mib=8', calls: 1, together: 1 },
  { name: 'json-down', path: '/json?mib=6', calls: 1, together: 1 },
  { name: 'binary-up', path: '/sink', calls: 1, together: 1, page: { method: 'POST', upload: 8 * MIB } },
]

/** Slices that are not counted: a host's code is not at its fastest at once. */
const WARM = 3
const SLICES = 7

/**
 * How much more work ours has with it than the bare host: time on the processor, each the least of slices that were taken in
 * turns. What else runs on the machine makes some slices longer, never shorter.
 */
export async function ratioOf(hosts: GateHosts, figure: GateFigure): Promise<number> {
  const least = { ours: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY }
  for (let slice = -WARM; slice < SLICES; slice += 1) {
    for (const which of slice % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
      const worked = await workOf(hosts[which], hosts.url, figure)
      if (slice >= 0) least[which] = Math.min(least[which], worked)
    }
  }
  return least.ours / least.bare
}

/** Milliseconds that the host's main thread ran. */
async function workOf({ wire, document }: GateHost, url: string, figure: GateFigure): Promise<number> {
  const before = wire.schedule().worked
  let left = figure.calls
  const one = async () => {
    while (left > 0) {
      left -= 1
      const ended = await wire.ask(document, url + figure.path, figure.page).over
      if (ended !== 'end') throw new Error(`${figure.name}: a call ended with ${ended}`)
    }
  }
  await Promise.all(Array.from({ length: figure.together }, one))
  return wire.schedule().worked - before
}
