import { type HostScreen, hostScreen } from '../ui/host-screen.ts'
import type { Owner } from '../ui/owner.ts'
import { type OwnerSnapshot, OwnerView } from '../ui/owner-view.ts'
import type { PageSight } from '../ui/page-sight.ts'
import { PageState } from '../ui/page-state.ts'
import { refusalText } from '../ui/refusal-text.ts'

/** Everything the control room shows. */
export interface ControlState {
  screen: HostScreen
  owner: OwnerSnapshot
  toast: string | null
}

/** How often the host is looked for while there is none, in milliseconds. */
export const LOOK_MS = 2000

type Line = Pick<Owner, 'send' | 'onState' | 'onChanged'>

/** The control room's mind. Secrets pass through it in one order each and are kept nowhere. */
export class ControlModel {
  readonly #owner: Line
  readonly #view: OwnerView
  readonly #page: PageState<ControlState>

  /** @param sight of the page, which rests while it is not seen; absent: it never rests. */
  constructor(owner: Line, first: OwnerSnapshot | null, sight?: PageSight) {
    this.#owner = owner
    this.#view = new OwnerView(owner, first, sight)
    const { snapshot } = this.#view
    const screen = hostScreen(snapshot)
    this.#page = new PageState<ControlState>({ screen, owner: snapshot, toast: null })
    this.#view.onChange((changed) => this.#see(changed))
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
    if (['starting', 'missing', 'forbidden', 'mismatch', 'exited'].includes(this.state.screen))
      this.#view.hear()
  }

  /** Ask the host for everything again. */
  refresh(): void {
    void this.#view.refresh()
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

  /** Show a sentence for a moment. */
  say(text: string): void {
    this.#page.say(text)
  }

  /** Say what came of an order that was carried out past this model. Resolves when all that is shown is as it is since. */
  async said(text: string): Promise<void> {
    this.#page.say(text)
    await this.#view.refresh()
  }

  #see(owner: OwnerSnapshot): void {
    this.#page.set({ owner, screen: hostScreen(owner) })
  }
}
