import type { ApprovalSummary } from '../../shared/model/approval.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Grant } from '../../shared/model/grant.ts'
import type { CommandName } from '../../shared/protocol/commands.ts'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import type { HostStatus } from '../../shared/protocol/vault-commands.ts'
import { allGrants } from './all-grants.ts'
import type { Owner } from './owner.ts'
import { ALWAYS_SEEN, type PageSight } from './page-sight.ts'
import { Rounds } from './rounds.ts'

/** What a page of ours knows of the host. Each list is null until it was answered, and again when the vault locks. */
export interface OwnerSnapshot {
  state: OwnerState | null
  status: HostStatus | null
  sessions: SessionSummary[] | null
  services: ServiceSummary[] | null
  capabilities: Capability[] | null
  grants: Grant[] | null
  /** Calls that wait for the owner, of every browser. Null too in a picture that was kept. */
  approvals: ApprovalSummary[] | null
}

const NOTHING: Omit<OwnerSnapshot, 'state'> = {
  status: null,
  sessions: null,
  services: null,
  capabilities: null,
  grants: null,
  approvals: null,
}

const LISTS = [
  ['sessions', 'session-list'],
  ['services', 'service-list'],
  ['capabilities', 'capability-list'],
  ['grants', 'grant-list'],
  ['approvals', 'approval-list'],
] as const satisfies readonly (readonly [keyof OwnerSnapshot, CommandName])[]

/** How long the first picture outlives the news that the host is still being started, in milliseconds. */
const PATIENCE_MS = 1000

/**
 * Keeps a page's picture of the host true: asks when the host becomes reachable, again after every change, one round at
 * a time, and forgets the lists as soon as the vault is not open, seen or not. While nobody sees the page it asks nothing of
 * itself, and once when it is seen again.
 */
export class OwnerView {
  readonly #owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>
  readonly #listeners = new Set<(snapshot: OwnerSnapshot) => void>()
  #snapshot: OwnerSnapshot
  /** A host that is only being started takes nothing from the first picture until this runs out. */
  #patience: ReturnType<typeof setTimeout> | null = null
  #isFirst: boolean
  readonly #rounds: Rounds

  /**
   * @param first shown until the host has answered: the last picture this browser session had, or null.
   * @param sight of the page; absent: it asks after every change, seen or not.
   */
  constructor(
    owner: Pick<Owner, 'send' | 'onState' | 'onChanged'>,
    first: OwnerSnapshot | null,
    sight: PageSight = ALWAYS_SEEN,
  ) {
    this.#owner = owner
    this.#rounds = new Rounds(() => this.#round(), sight)
    this.#snapshot = first ?? { state: null, ...NOTHING }
    this.#isFirst = isOpen(this.#snapshot.state)
    owner.onState((state) => this.#hearState(state))
    owner.onChanged((isTraffic) => (isTraffic ? this.hear() : void this.refresh()))
    // Asking is what makes background/ open the line to the host.
    void this.refresh()
  }

  get snapshot(): OwnerSnapshot {
    return this.#snapshot
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (snapshot: OwnerSnapshot) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ask for everything again, seen or not. Resolves with all of it as it was after this was called. */
  refresh(): Promise<void> {
    return this.#rounds.now()
  }

  /** There may be something new: ask for everything again, as soon as the page is seen. */
  hear(): void {
    this.#rounds.whenSeen()
  }

  #hearState(state: OwnerState): void {
    if (this.#isFirst && state.host === 'connecting') {
      this.#patience ??= setTimeout(() => this.#take(state), PATIENCE_MS)
    } else {
      this.#take(state)
    }
  }

  #take(state: OwnerState): void {
    if (this.#patience !== null) clearTimeout(this.#patience)
    this.#patience = null
    this.#isFirst = false
    const before = this.#snapshot.state
    this.#set({ state, ...(isOpen(state) ? {} : NOTHING) })
    if (state.host !== 'connected') return
    const isOther = before === null || standing(before) !== standing(state)
    if (isOther && isOpen(state)) void this.refresh()
    else if (JSON.stringify(before) !== JSON.stringify(state) || this.#snapshot.status === null) this.hear()
  }

  async #round(): Promise<void> {
    const status = await this.#ask({ name: 'status' })
    this.#set({ status })
    if (status?.vault !== 'unlocked') return
    const answers = await Promise.all(
      LISTS.map(async ([key, name]) => {
        const value = name === 'grant-list' ? await this.#askGrants() : await this.#ask({ name })
        return [key, value] as const
      }),
    )
    // SECURITY: the vault may have locked meanwhile; what was answered before must not be shown after.
    if (!isOpen(this.#snapshot.state)) return
    this.#set(Object.fromEntries(answers.filter(([, value]) => value !== null)))
  }

  /** The answer, or null: what cannot be had now is asked for again after the next change. */
  async #ask<C extends { name: 'status' | (typeof LISTS)[number][1] }>(command: C) {
    return await this.#owner.send(command).catch(() => null)
  }

  #askGrants(): Promise<Grant[] | null> {
    return allGrants((command) => this.#owner.send(command)).catch(() => null)
  }

  #set(part: Partial<OwnerSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part }
    for (const listener of this.#listeners) listener(this.#snapshot)
  }
}

/** What of a state calls that come and go leave as it is. */
function standing({ host, hostVersion, vault, paused }: OwnerState): string {
  return JSON.stringify([host, hostVersion, vault, paused])
}

function isOpen(state: OwnerState | null): boolean {
  return state?.host === 'connected' && state.vault === 'unlocked'
}
