import type { AuditCheck, AuditChecked, AuditFinding } from '../../shared/protocol/audit-reading.ts'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { Shown } from '../ui/shown.ts'

/** A check of the log, and what it came to. */
export interface CheckState {
  isChecking: boolean
  /** Records found in order so far, and records in the log. */
  checked: number
  head: number
  /** Null: none yet. */
  finding: AuditFinding | null
  trouble: string | null
}

const NONE: CheckState = { isChecking: false, checked: 0, head: 0, finding: null, trouble: null }

/** Has the host check that nobody changed the log, part by part. */
export class LogCheck extends Shown<CheckState> {
  readonly #owner: Pick<Owner, 'send'>
  #round = 0

  constructor(owner: Pick<Owner, 'send'>) {
    super(NONE)
    this.#owner = owner
  }

  /** Check the whole log, from its first record. */
  async start(): Promise<void> {
    const round = ++this.#round
    this.show({ ...NONE, isChecking: true })
    try {
      await this.#goOn(round)
    } catch (refusal) {
      if (round === this.#round) this.show({ isChecking: false, trouble: refusalText(refusal) })
    }
  }

  /** Leave it there: a check that did not end has found nothing. */
  stop(): void {
    this.#round += 1
    this.show({ ...NONE })
  }

  async #goOn(round: number): Promise<void> {
    for (let from: AuditChecked | null = null; ; ) {
      const more = from === null ? {} : { from }
      const answer: AuditCheck = await this.#owner.send({ name: 'audit-verify', ...more })
      const { finding, next, checked, head } = answer
      if (round !== this.#round) return
      const isChecking = finding === null && next !== null
      this.show({ isChecking, checked, head, finding })
      if (!isChecking) return
      from = next
    }
  }
}
