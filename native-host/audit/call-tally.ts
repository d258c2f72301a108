import type {
  AuditBar,
  AuditCount,
  AuditCounts,
  NamedAuditCount,
} from '../../shared/protocol/audit-reading.ts'
import type { CallFacts } from './line-facts.ts'

/** A stretch of time, of which everything is counted here. */
type Bar = AuditBar & { failed: number }

/** Calls counted between edges and by name. Of one record that stands for several calls, each is counted. */
export class CallTally {
  readonly #edges: readonly number[]
  readonly #bars: Bar[]
  readonly #sites = new Map<string, AuditCount>()
  readonly #services = new Map<string, AuditCount>()
  readonly #capabilities = new Map<string, AuditCount>()
  readonly #reasons = new Map<string, AuditCount>()
  readonly #problems = new Map<string, AuditCount>()

  /** @param edges times, ascending, milliseconds since the epoch: nothing before the first or from the last on is counted. */
  constructor(edges: readonly number[]) {
    this.#edges = edges
    this.#bars = edges.slice(1).map(() => ({ calls: 0, refused: 0, failed: 0 }))
  }

  /** How many sites have calls. */
  get sites(): number {
    return this.#sites.size
  }

  /** Count a call, with how it ended. */
  call(call: CallFacts): void {
    const bar = this.#barOf(call)
    if (bar === undefined) return
    add(bar, call)
    add(countOf(this.#sites, call.origin), call)
    if (call.service !== null) add(countOf(this.#services, call.service), call)
    if (call.capability !== null) add(countOf(this.#capabilities, call.capability), call)
    if (call.kind === 'refusal') add(countOf(this.#reasons, call.reason), call)
    this.end(call)
  }

  /** Count how a call ended that was counted before it had. */
  end(call: CallFacts): void {
    const bar = this.#barOf(call)
    if (bar === undefined) return
    if (call.result === 'failed' || call.result === 'cut') bar.failed += call.count
    if (call.problem !== null) add(countOf(this.#problems, call.problem), call)
  }

  /** What was counted. */
  counts(): Pick<AuditCounts, 'bars' | 'sites' | 'services' | 'capabilities' | 'reasons' | 'problems'> {
    return {
      bars: this.#bars,
      sites: named(this.#sites),
      services: named(this.#services),
      capabilities: named(this.#capabilities),
      reasons: named(this.#reasons),
      problems: named(this.#problems),
    }
  }

  /** The stretch a call was made in; undefined: in none. */
  #barOf({ at }: CallFacts): Bar | undefined {
    return at < (this.#edges[0] ?? 0) ? undefined : this.#bars[this.#edges.findIndex((edge) => at < edge) - 1]
  }
}

function add(to: AuditCount, call: { kind: string; count: number }): void {
  to.calls += call.count
  if (call.kind === 'refusal') to.refused += call.count
}

function countOf(counts: Map<string, AuditCount>, name: string): AuditCount {
  const known = counts.get(name) ?? { calls: 0, refused: 0 }
  counts.set(name, known)
  return known
}

function named(counts: ReadonlyMap<string, AuditCount>): NamedAuditCount[] {
  return [...counts].map(([name, count]) => ({ name, ...count }))
}
