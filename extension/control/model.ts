import type { AuditRecord } from '../../shared/model/audit-record.ts'
import { type HostScreen, hostScreen } from '../ui/host-screen.ts'
import type { Owner } from '../ui/owner.ts'
import { type OwnerSnapshot, OwnerView } from '../ui/owner-view.ts'
import { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'

/** Everything the control room shows. */
export interface ControlState {
  screen: HostScreen
  owner: OwnerSnapshot
  /** The latest audit records, newest first; null until asked for, and while the vault is not open. */
  activity: AuditRecord[] | null
  toast: string | null
}

/** How many audit records the activity room shows. */
const ACTIVITY_LIMIT = 200
/** How often the host is looked for while there is none, in milliseconds. */
export const LOOK_MS = 2000

type Line = Pick<Owner, 'send' | 'onState' | 'onChanged'>

/** The control room's mind. Secrets pass through it in one order each and are kept nowhere. */
export class ControlModel {
  readonly #owner: Line
  readonly #view: OwnerView
  readonly #page: PageState<ControlState>
  #watchesActivity = false

  constructor(owner: Line, first: OwnerSnapshot | null) {
    this.#owner = owner
    this.#view = new OwnerView(owner, first)
    const { snapshot } = this.#view
    const screen = hostScreen(snapshot)
    this.#page = new PageState<ControlState>({ screen, owner: snapshot, activity: null, toast: null })
    this.#view.onChange((changed) => this.#see(changed))
    owner.onChanged(() => void this.#askActivity())
  }

  get state(): ControlState {
    return this.#page.current
  }

  /** Told after each change. @returns stops it. */
  onChange(listener: (state: ControlState) => void): () => void {
    return this.#page.onChange(listener)
  }

  /** Look for the host while there is none. The page calls it every {@link LOOK_MS}. */
  look(): void {
    if (['starting', 'missing', 'forbidden', 'mismatch', 'exited'].includes(this.state.screen)) this.refresh()
  }

  /** Ask the host for everything again. */
  refresh(): void {
    void this.#view.refresh()
  }

  /** Keep the activity fresh from now on. @returns stops it. */
  watchActivity(): () => void {
    this.#watchesActivity = true
    void this.#askActivity()
    return () => {
      this.#watchesActivity = false
    }
  }

  /**
   * Carry out an order and say what came of it.
   *
   * @param done said when it was carried out.
   * @returns whether it was.
   */
  async order(command: Parameters<Owner['send']>[0], done: string): Promise<boolean> {
    try {
      await this.#owner.send(command)
      this.#page.say(done)
    } catch (refusal) {
      this.#page.say(refusalText(refusal))
      return false
    }
    await this.#view.refresh()
    return true
  }

  async #askActivity(): Promise<void> {
    if (!this.#watchesActivity || this.state.owner.state?.vault !== 'unlocked') return
    const activity = await this.#owner
      .send({ name: 'audit-list', limit: ACTIVITY_LIMIT })
      .catch(() => this.state.activity)
    if (this.state.owner.state?.vault === 'unlocked') this.#page.set({ activity })
  }

  #see(owner: OwnerSnapshot): void {
    const opened = this.state.owner.state?.vault !== 'unlocked' && owner.state?.vault === 'unlocked'
    const closed = owner.state?.vault !== 'unlocked'
    this.#page.set({ owner, screen: hostScreen(owner), ...(closed ? { activity: null } : {}) })
    if (opened) void this.#askActivity()
  }
}
