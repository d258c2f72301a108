/** On what answers the last press, as Undo does: it takes the focus of what went when it came. */
export const TAKES_FOCUS = 'data-takes-focus'

/** What a page is about, without its head and its foot. */
const ABOUT = '[data-about]'
/** What names a part of a page. */
const NAMES = 'h1, h2, h3, legend'
/** What a hand can be on; a press beside all of it is a farewell to what had the focus. */
const PRESSABLE = 'a, button, input, select, textarea, summary, label, [tabindex]'
/** How long a part may take to come after what it comes in place of, as one does that is loaded first, ms. */
const SOON_MS = 3000

/**
 * Keeps the focus in a page of ours where what has it is taken away or switched off, mostly by having been pressed. Without that a
 * browser drops it: whoever has no mouse begins at the top again, and whoever sees nothing is nowhere.
 *
 * It goes to what answers the press ({@link TAKES_FOCUS}), where that is new; else to a place that does nothing when Enter is pressed
 * once more: the title of what came instead, the row that moved up, or the title of the nearest part that is left. What is switched
 * off for a moment has it back.
 */
export function keepFocus(page: Document): void {
  const kept = new KeptFocus(page)
  page.addEventListener('focusin', ({ target }) => kept.hold(target))
  // Where it was taken away it is back by then; where it left for the browser's own buttons, it is not to be called back.
  page.addEventListener('focusout', ({ target }) => setTimeout(() => kept.leave(target)))
  page.addEventListener('pointerdown', ({ target }) => kept.press(target))
  new MutationObserver((records) => kept.look(records)).observe(page.body, {
    ...{ subtree: true, childList: true, attributes: true },
    attributeFilter: ['disabled', 'hidden', 'inert'],
  })
}

class KeptFocus {
  readonly #page: Document
  #held: HTMLElement | null = null
  /** Whoever looks at the page sees where the focus is. */
  #isShown = false
  /** What could answer a press already before it. */
  #known = new Set<Element>()
  /** Had the focus and is switched off; `at` has it meanwhile. */
  #owed: { to: HTMLElement; at: HTMLElement } | null = null
  /** Where the focus goes when the answer that took it goes. */
  #after: { answer: HTMLElement; place: HTMLElement } | null = null
  /** Where the focus went for want of what is to come into a part that was emptied, and since when. */
  #forNow: { at: HTMLElement; part: Node; since: number } | null = null

  constructor(page: Document) {
    this.#page = page
  }

  hold(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return
    this.#held = target
    this.#isShown = target.matches(':focus-visible')
    this.#known = new Set(this.#page.querySelectorAll(`[${TAKES_FOCUS}]`))
    if (this.#owed?.at !== target) this.#owed = null
    if (this.#after?.answer !== target) this.#after = null
    if (this.#forNow?.at !== target) this.#forNow = null
  }

  leave(target: EventTarget | null): void {
    if (this.#held === target && canHold(this.#held as HTMLElement) && !this.#isSomewhere()) this.#held = null
  }

  press(target: EventTarget | null): void {
    if (target instanceof Element && target.closest(PRESSABLE) === null) this.#held = null
  }

  look(records: readonly MutationRecord[]): void {
    const held = this.#held
    const owed = this.#owed
    if (owed !== null && owed.at === held && canHold(owed.to)) return this.#give(owed.to)
    if (held === null) return
    if (this.#isSomewhere()) return this.#goOn(records)
    // Of a row that only moved, the browser takes the focus too.
    if (canHold(held)) return records.some((one) => takes(one, held)) ? this.#give(held) : undefined
    const gone = goneWith(held, records)
    const place = this.#afterOf(held) ?? placeAround(gone, records, this.#page)
    const answer = this.#newAnswer()
    if (held.isConnected) this.#owed = { to: held, at: place }
    if (answer !== null) this.#after = { answer, place }
    this.#give(answer ?? place)
    // The title of what came instead is no stopgap: what comes below it later takes nothing.
    const isFinal = gone !== null && cameWith(place, gone.target, records)
    if (gone !== null && !isFinal)
      this.#forNow = { at: answer ?? place, part: gone.target, since: performance.now() }
  }

  /** To the title of what has come at last, where the focus is still where it went for want of that. */
  #goOn(records: readonly MutationRecord[]): void {
    const now = this.#forNow
    if (now === null || this.#page.activeElement !== now.at || !now.at.matches(NAMES)) return
    if (performance.now() - now.since > SOON_MS) return
    const came = records.flatMap(({ target, addedNodes }) =>
      now.part.contains(target) ? [...addedNodes] : [],
    )
    const title = firstOf(came, titleIn)
    if (title !== null) this.#give(title)
  }

  /** Where the focus was to go after this one; null: it was no answer, or that place is gone too. */
  #afterOf(held: HTMLElement): HTMLElement | null {
    const after = this.#after
    return after?.answer === held && canHold(after.place) ? after.place : null
  }

  #newAnswer(): HTMLElement | null {
    const answers = [...this.#page.querySelectorAll<HTMLElement>(`[${TAKES_FOCUS}]`)]
    return answers.findLast((one) => !this.#known.has(one) && canHold(one)) ?? null
  }

  /** Something that can have the focus has it. */
  #isSomewhere(): boolean {
    const { activeElement, body } = this.#page
    return activeElement instanceof HTMLElement && activeElement !== body && canHold(activeElement)
  }

  #give(place: HTMLElement): void {
    if (place.tabIndex < 0 && !place.hasAttribute('tabindex')) {
      place.tabIndex = -1
      // Or a press anywhere in it would come to give it the focus.
      place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
    }
    // Under a hand with a mouse nothing is to move, nor is what is read where the place is seen already.
    place.focus({ preventScroll: !this.#isShown || isInSight(place) })
  }
}

/** Nothing is over it and no edge cuts it off, as far as the middles of its first and its last line tell. */
export function isInSight(place: HTMLElement): boolean {
  const { left, top, width, bottom } = place.getBoundingClientRect()
  const seenAt = (y: number) => place.ownerDocument.elementFromPoint(left + width / 2, y)
  return place.contains(seenAt(top + 1)) && place.contains(seenAt(bottom - 1))
}

function canHold(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled, [inert] *') && element.checkVisibility()
}

function takes({ removedNodes }: MutationRecord, element: Node): boolean {
  return [...removedNodes].some((node) => node.contains(element))
}

/** Whether a place was put where something was taken out. */
function cameWith(place: Node, target: Node, records: readonly MutationRecord[]): boolean {
  return records.some(
    (one) => one.target === target && [...one.addedNodes].some((node) => node.contains(place)),
  )
}

/** Where an element was taken out, or what it was in; null: it is where it was. */
function goneWith(lost: HTMLElement, records: readonly MutationRecord[]): MutationRecord | null {
  let gone: Node = lost
  let last: MutationRecord | null = null
  for (const record of records) {
    if (!takes(record, gone)) continue
    last = record
    gone = record.target
  }
  return last
}

function placeAround(
  gone: MutationRecord | null,
  records: readonly MutationRecord[],
  page: Document,
): HTMLElement {
  if (gone === null || !gone.target.isConnected) return titleAround(page.activeElement, page)
  const came = records.flatMap(({ target, addedNodes }) => (target === gone.target ? [...addedNodes] : []))
  return (
    firstOf(came, titleIn) ??
    firstOf([gone.nextSibling, gone.previousSibling], asRow) ??
    titleAround(gone.target, page)
  )
}

function firstOf(nodes: readonly (Node | null)[], placeIn: (element: HTMLElement) => HTMLElement | null) {
  for (const node of nodes) {
    const place = node instanceof HTMLElement && node.isConnected ? placeIn(node) : null
    if (place !== null) return place
  }
  return null
}

function asRow(element: HTMLElement): HTMLElement | null {
  return element.matches('li') && canHold(element) ? element : null
}

function titleIn(element: HTMLElement): HTMLElement | null {
  const titles = [element, ...element.querySelectorAll<HTMLElement>(NAMES)]
  // One that is only read aloud would show nobody where the focus is.
  return titles.find((one) => one.matches(NAMES) && one.closest('.aloud') === null && canHold(one)) ?? null
}

/** The title of the nearest part of the page around a node; of what the page is about, where it is in none. */
function titleAround(node: Node | null, page: Document): HTMLElement {
  let part = node instanceof HTMLElement ? node : (node?.parentElement ?? null)
  for (; part !== null && part !== page.body; part = part.parentElement) {
    const title = titleIn(part.querySelector<HTMLElement>(ABOUT) ?? part)
    if (title !== null) return title
  }
  const main = page.querySelector<HTMLElement>(ABOUT) ?? page.body
  return titleIn(main) ?? (main.firstElementChild instanceof HTMLElement ? main.firstElementChild : main)
}
