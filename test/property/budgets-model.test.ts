import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Permit } from '../../native-host/audit/permit.ts'
import { verifyAudit } from '../../native-host/audit/verify-audit.ts'
import { extendLease } from '../../native-host/budgets/lease.ts'
import { spentIn } from '../../native-host/budgets/ledger.ts'
import { processOf } from '../../native-host/budgets/processes.ts'
import { reservationsOf } from '../../native-host/budgets/reservation-rows.ts'
import { settleAllOf } from '../../native-host/budgets/settle.ts'
import { sessionById } from '../../native-host/sessions/sessions.ts'
import { openStore } from '../../native-host/store/open-store.ts'
import { done, times } from '../support/hard.ts'
import { asks, begin, type Caller, end, used } from '../unit/budget-fixture.ts'
import { connected, openVault } from '../unit/vault-fixture.ts'

vi.setConfig({ testTimeout: 1_200_000 })

const NOW = 1_800_000_000_000
const LIMITS = { maxTokens: 500, maxCost: 4000, maxBytes: 60_000, maxBytesUp: 900, concurrent: 4 }
const PRICES = { currency: 'EUR', input: 3_000_000, output: 7_000_000, request: 11 }

/** What may happen next, by one of three processes. `which`: a call in flight. */
type Step =
  | { do: 'begin'; process: number; input: number | null; output: number | null; up: number | null }
  | { do: 'end'; which: number; part: number; unknown: boolean; unsent: boolean }
  | { do: 'stream'; which: number; wanted: number }
  | { do: 'die'; process: number }

const share = fc.integer({ min: 0, max: 100 })
const perhaps = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { freq: 6 })
const process = fc.integer({ min: 0, max: 2 })
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('begin' as const),
        process,
        input: perhaps(60),
        output: perhaps(200),
        up: perhaps(300),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(),
        part: share,
        unknown: fc.boolean(),
        unsent: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('stream' as const),
        which: fc.nat(),
        wanted: fc.integer({ min: 1, max: 40_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), process }) },
  ),
  { minLength: 5, maxLength: 40 },
)

/** A call in flight, as the model sees it: what it may still really use, which the vault must have held for it. */
interface Running {
  readonly permit: Permit
  readonly process: number
  /** Null: nothing bounds it, so it may use all that was held. */
  readonly input: number | null
  readonly output: number | null
  readonly up: number
  down: number
}

/**
 * What the service sold, the network moved and the clock does not know: kept apart from the vault, so that any step by which the
 * vault gives out more than there is shows.
 */
class Model {
  tokens = 0
  cost = 0
  down = 0
  up = 0
  running: Running[] = []

  use(call: Running, tokens: { input: number; output: number }, sent: boolean): void {
    this.running = this.running.filter((each) => each !== call)
    if (!sent) return
    this.tokens += tokens.input + tokens.output
    this.cost +=
      Math.ceil((tokens.input * PRICES.input + tokens.output * PRICES.output) / 1e6) + PRICES.request
    this.down += call.down
    this.up += call.up
  }

  /** The worst that can still come: every call that runs uses all it asked for. */
  get worst(): { tokens: number; cost: number } {
    const bounded = this.running.filter(({ input, output }) => input !== null && output !== null)
    const tokens = bounded.reduce((sum, { input, output }) => sum + (input ?? 0) + (output ?? 0), this.tokens)
    return { tokens, cost: this.cost }
  }
}

test('no order of calls that begin, stream, end and die lets more be used than the owner gave', () => {
  let taken = 0
  fc.assert(
    fc.property(steps, (list: Step[]) => {
      const vault = openVault()
      const call = {
        ...vault,
        ...connected(vault, { limits: { ...LIMITS, prices: PRICES, period: 'total' }, now: NOW }),
      }
      let callers: Caller[] = [0, 1, 2].map(() => ({ ...call, store: openStore(vault.home) }))
      const model = new Model()
      try {
        for (const step of list) {
          callers = take(step, callers, model, vault)
          check(call, model)
          taken += 1
        }
        expect(verifyAudit(vault.store, vault.keys)).toMatchObject({ ok: true })
      } finally {
        for (const { store } of callers) store.close()
        vault.remove()
      }
    }),
    { numRuns: times(30, 1000) },
  )
  done('steps of racing calls against a model of their budgets', taken)
})

function take(
  step: Step,
  callers: Caller[],
  model: Model,
  vault: Pick<Caller, 'store' | 'keys'> & { home: string },
): Caller[] {
  if (step.do === 'begin') start(step, callers[step.process] as Caller, model)
  if (step.do === 'die') return kill(step.process, callers, model, vault)
  const call = model.running['which' in step ? step.which % Math.max(1, model.running.length) : 0]
  if (call === undefined) return callers
  const caller = callers[call.process] as Caller
  if (step.do === 'stream')
    call.down += extendLease(caller.store, caller.keys, call.permit.auditId, step.wanted)
  if (step.do === 'end') finish(step, call, caller, model)
  return callers
}

function start(step: Extract<Step, { do: 'begin' }>, caller: Caller, model: Model): void {
  const { process, input, output, up } = step
  const permit = begin(caller, asks({ input, output, bytesUp: up }), NOW)
  if (typeof permit === 'string') return
  const call = { permit, process, input, output, up: up ?? permit.room.up ?? 0, down: permit.room.down ?? 0 }
  model.running.push(call)
}

function finish(step: Extract<Step, { do: 'end' }>, call: Running, caller: Caller, model: Model): void {
  const held = reservationsOf(caller.store, caller.keys, caller.capability.id).find(
    ({ id }) => id === call.permit.auditId,
  )?.held
  // What nobody bounded uses what was held beyond the rest, at most: more than was held is not what the vault promises to stop.
  const unbounded = [call.input, call.output].filter((most) => most === null).length
  const beyond = Math.max(0, (held?.tokens ?? 0) - (call.input ?? 0) - (call.output ?? 0))
  const side = (most: number | null) => Math.floor(((most ?? beyond / unbounded) * step.part) / 100)
  const tokens = { input: side(call.input), output: side(call.output) }
  const bounded = call.input !== null && call.output !== null
  model.use(call, bounded || !step.unknown ? tokens : { input: 0, output: 0 }, !step.unsent)
  const use = step.unsent
    ? { isSent: false, tokens: null }
    : step.unknown
      ? { isSent: true, tokens: null }
      : used(tokens.input, tokens.output)
  const moved = step.unsent ? { bytes: 0, bytesUp: 0 } : { bytes: call.down, bytesUp: call.up }
  end(caller, call.permit, NOW, { use, ...moved })
}

function kill(
  process: number,
  callers: Caller[],
  model: Model,
  vault: Pick<Caller, 'store' | 'keys'> & { home: string },
): Caller[] {
  const dead = callers[process] as Caller
  for (const call of model.running.filter((each) => each.process === process))
    model.use(call, { input: call.input ?? 0, output: call.output ?? 0 }, true)
  settleAllOf(vault.store, vault.keys, processOf(dead.store), NOW)
  dead.store.close()
  const fresh = { ...dead, store: openStore(vault.home) }
  return callers.map((caller, at) => (at === process ? fresh : caller))
}

function check(call: Caller, model: Model): void {
  const { store, keys, capability } = call
  const spent = spentIn(store, keys, capability.id, 'total', NOW)
  const held = reservationsOf(store, keys, capability.id).map((each) => each.held)
  const sum = (kind: keyof (typeof held)[number]) => held.reduce((total, each) => total + each[kind], 0)
  const session = sessionById(store, keys, call.session?.id ?? '')
  expect(held).toHaveLength(model.running.length)
  expect(held.length).toBeLessThanOrEqual(LIMITS.concurrent)
  // The vault never counts less than was really used, and never gives out more than there is.
  expect(spent.tokens).toBeGreaterThanOrEqual(model.tokens)
  expect(spent.cost).toBeGreaterThanOrEqual(model.cost)
  expect(model.worst.tokens).toBeLessThanOrEqual(LIMITS.maxTokens)
  expect(spent.tokens + sum('tokens')).toBeLessThanOrEqual(LIMITS.maxTokens)
  expect(spent.cost + sum('cost')).toBeLessThanOrEqual(LIMITS.maxCost)
  expect(session?.bytes).toBeGreaterThanOrEqual(model.down)
  expect((session?.bytes ?? 0) + sum('bytesDown')).toBeLessThanOrEqual(LIMITS.maxBytes)
  expect(session?.bytesUp).toBeGreaterThanOrEqual(model.up)
  expect((session?.bytesUp ?? 0) + sum('bytesUp')).toBeLessThanOrEqual(LIMITS.maxBytesUp)
}
