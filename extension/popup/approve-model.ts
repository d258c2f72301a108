import type { ApprovalAnswer, ApprovalSummary } from '../../shared/model/approval.ts'
import type { Owner } from '../ui/owner.ts'
import { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Arming } from './arming.ts'

/** How long the window stays to say that a call is over, where it ended without its owner, in milliseconds. */
export const LINGER_MS = 2500

/** Everything the window shows. */
export interface ApproveState {
  /** False until the first list came: nothing is known yet. */
  known: boolean
  /** The call that is asked about, exactly as it is shown. Null: none. */
  shown: ApprovalSummary | null
  /** Which one it is of how many since the line began. Both from 1. */
  position: number
  total: number
  /** Others of the same site that wait here too. */
  others: number
  /** Whether an Allow would count now. */
  armed: boolean
  /** An answer is on its way. */
  answering: boolean
  /** The call that was shown before ended without an answer of this window. */
  isOver: boolean
  /** Why the last answer was not taken. */
  error: string | null
  toast: null
}

type OwnerLine = Pick<Owner, 'send' | 'onState' | 'onChanged'>

/** The mind of the window that asks. It shows one call at a time and answers that one, by its digest, or none. */
export class ApproveModel {
  /** Whether an Allow counts. The page keeps it informed of the window. */
  readonly arming: Arming
  readonly #owner: OwnerLine
  readonly #page = new PageState<ApproveState>({
    known: false,
    shown: null,
    position: 1,
    total: 0,
    others: 0,
    armed: false,
    answering: false,
    isOver: false,
    error: null,
    toast: null,
  })
  /** Calls of this line that are over. */
  #past = 0
  /** The call this window answered last. */
  #answered: string | null = null
  /** How many answers were given: only the last one's end says that none is under way. */
  #orders = 0
  #asking = false
  #again = false
  #leaving: ReturnType<typeof setTimeout> | undefined

  /** @param clock milliseconds, never running backwards. */
  constructor(owner: OwnerLine, clock: () => number) {
    this.arming = new Arming(clock)
    this.#owner = owner
    owner.onState(() => void this.#refresh())
    owner.onChanged(() => void this.#refresh())
    void this.#refresh()
  }

  get state(): ApproveState {
    return this.#page.current
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: ApproveState) => void): () => void {
    return this.#page.onChange(listener)
  }

  /** Show whether an Allow would count now. */
  showArming(): void {
    const armed = this.arming.isArmed
    if (armed !== this.state.armed) this.#page.set({ armed })
  }

  /**
   * Answer the call that is shown.
   *
   * @param shown what the pressed button was drawn with: where that is no longer shown, nothing is answered.
   */
  async answer(shown: ApprovalSummary, answer: ApprovalAnswer): Promise<void> {
    // SECURITY: an Allow counts only for what the owner has had in front for a while; a no always counts.
    if (answer !== 'deny' && !this.arming.counts()) return
    if (this.state.answering || this.state.shown !== shown) return
    this.#answered = shown.id
    const { id, digest } = shown
    await this.#order(() => this.#owner.send({ name: 'approval-answer', id, digest, answer }))
  }

  /** Say no to everything of the site of the call that is shown. */
  async denySite(): Promise<void> {
    const { shown, answering } = this.state
    if (shown === null || answering) return
    this.#answered = shown.id
    await this.#order(() => this.#owner.send({ name: 'approval-deny-all', origin: shown.origin }))
  }

  async #order(send: () => Promise<unknown>): Promise<void> {
    this.#orders += 1
    const order = this.#orders
    this.#page.set({ answering: true, error: null })
    try {
      await send()
    } catch (refusal) {
      this.#answered = null
      // A call that is over is said to be over when the list shows it.
      if (codeOf(refusal) !== 'unknown') this.#page.set({ error: refusalText(refusal) })
    }
    await this.#refresh()
    if (order === this.#orders) this.#page.set({ answering: false })
  }

  /** Ask what waits. Rounds never overlap: a call during a round leads to one more. */
  async #refresh(): Promise<void> {
    this.#again = true
    if (this.#asking) return
    this.#asking = true
    while (this.#again) {
      this.#again = false
      // SECURITY: what the host does not confirm to be waiting is not shown.
      const list = await this.#owner.send({ name: 'approval-list' }).catch(() => [])
      this.#take(list.filter(({ here }) => here))
    }
    this.#asking = false
  }

  #take(waiting: readonly ApprovalSummary[]): void {
    const before = this.state.shown
    // What is shown stays shown, as the very same thing, until it is over: nothing may slide under the pointer.
    const stays = waiting.some(({ id, digest }) => id === before?.id && digest === before.digest)
    const shown = stays ? before : (waiting[0] ?? null)
    if (before !== null && !stays) this.#past += 1
    const isLost = before !== null && !stays && this.#answered !== before.id
    if (shown !== before) this.arming.disturb()
    this.#page.set({
      known: true,
      shown,
      position: this.#past + 1,
      total: this.#past + waiting.length,
      others: waiting.filter((one) => one.id !== shown?.id && one.origin === shown?.origin).length,
      armed: this.arming.isArmed,
      // The next call can be answered while the answer to the one before is still under way.
      ...(shown === before ? {} : { isOver: isLost, error: null, answering: false }),
    })
    this.#leaveIfDone()
  }

  /** Nothing waits any more: the window goes, at once where the owner's own answer was the last thing. */
  #leaveIfDone(): void {
    const { shown, isOver } = this.state
    if (shown !== null) {
      clearTimeout(this.#leaving)
      this.#leaving = undefined
      return
    }
    this.#past = 0
    this.#leaving ??= setTimeout(() => this.#leave(), isOver ? LINGER_MS : 0)
  }

  #leave(): void {
    this.#leaving = undefined
    void this.#owner.send({ name: 'approval-window', show: false }).catch(() => {})
  }
}

function codeOf(refusal: unknown): string {
  return refusal instanceof Error && 'code' in refusal ? String(refusal.code) : ''
}
