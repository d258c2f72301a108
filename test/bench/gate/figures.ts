import type { Page } from '../fairness-wire.ts'
import type { GateHost, GateHosts } from './hosts.ts'

/** Work that our host and the bare one are given alike. */
export interface GateFigure {
  readonly name: string
  readonly path: string
  /** Calls of a slice, and how many of them at a time. */
  readonly calls: number
  readonly together: number
  /** Slices that are not counted, and those that are: more where a slice is short. */
  readonly warm: number
  readonly slices: number
  readonly page?: Page
}

const MIB = 1024 * 1024

/** What the gate looks at: one small call with all that is recorded of it, and bytes in either direction. */
export const FIGURES: readonly GateFigure[] = [
  { name: 'small-call', path: '/small', calls: 30, together: 1, warm: 25, slices: 32 },
  { name: 'binary-down', path: '/binary?mib=8', calls: 1, together: 1, warm: 4, slices: 12 },
  { name: 'json-down', path: '/json?mib=6', calls: 1, together: 1, warm: 4, slices: 12 },
  {
    name: 'binary-up',
    path: '/sink',
    calls: 1,
    together: 1,
    warm: 4,
    slices: 12,
    page: { method: 'POST', upload: 8 * MIB },
  },
]

/**
 * How much more work ours has with it than the bare host: time on the processor, the lower quartile of slices that were taken in
 * turns. What else runs on the machine makes some slices longer, never shorter; a collection that one slice was spared makes the
 * least of them shorter than the work is. The bare host is at its fastest within a few calls, ours after hundreds: before that
 * the ratio is less than it is for a user, and different from one run to the next.
 */
export async function ratioOf(hosts: GateHosts, figure: GateFigure): Promise<number> {
  const worked: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] }
  for (let slice = -figure.warm; slice < figure.slices; slice += 1) {
    for (const which of slice % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)) {
      const each = await workOf(hosts[which], hosts.url, figure)
      if (slice >= 0) worked[which].push(each)
    }
  }
  return lowerQuartile(worked.ours) / lowerQuartile(worked.bare)
}

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN
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
