/*
 * What is looked at on a staged page. Each function runs inside the page: it takes and returns plain values and uses
 * nothing of this file.
 */

/** A place where the keyboard stops. */
export interface TabStop {
  /** Its number among the elements that should be stops, in the document's order; -1: it should be none. */
  at: number
  what: string
  /** How it differs from what it looks like without the focus: empty, it does not. */
  mark: string
  /** What lies over its middle, or empty. */
  under: string
}

/** Where an element is that the keyboard should reach, in pixels; `start`: along the line, in the direction of reading. */
export interface Place {
  what: string
  top: number
  bottom: number
  start: number
  end: number
  /** It stays in its place while the page scrolls. */
  pinned: boolean
}

/** Number the elements that the keyboard should reach, and keep what they look like without the focus. @returns them. */
export function numberTabStops(): Place[] {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  const backwards = document.documentElement.dir === 'rtl'
  const reachable = [...document.querySelectorAll<HTMLElement>(wanted)].filter(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.matches(':disabled, input[type=radio]:not(:checked)'),
  )
  return reachable.map((element, at) => {
    const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(element)
    element.dataset.stop = String(at)
    element.dataset.plain = [outline, boxShadow, borderColor, backgroundColor].join()
    const { top, bottom, left, right } = element.getBoundingClientRect()
    const what = `${element.tagName} ${element.ariaLabel ?? element.textContent}`.slice(0, 60)
    // In a low window of the answers the first pair alone stays.
    const bars = ['.approve-answers', '.approve-pair', '.connect-bar'].map((bar) => element.closest(bar))
    const isStuck = bars.some((bar) => bar !== null && getComputedStyle(bar).position === 'sticky')
    const pinned = isStuck || element.closest('.popup-foot, .toast-place') !== null
    return { what, top, bottom, start: backwards ? -right : left, end: backwards ? -left : right, pinned }
  })
}

/** What has the focus, or null where the page itself has it. */
export function focusedStop(): TabStop | null {
  const element = document.activeElement
  if (!(element instanceof HTMLElement) || element === document.body) return null
  const { outline, outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } =
    getComputedStyle(element)
  const shown = [outline, boxShadow, borderColor, backgroundColor].join()
  const isMarked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  const box = element.getBoundingClientRect()
  // The middle of what is in the window: a line may be longer than that.
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2
  const over = document.elementFromPoint(box.left + box.width / 2, middle)
  const isSeen = over !== null && (element.contains(over) || over.contains(element))
  return {
    at: Number(element.dataset.stop ?? -1),
    what: `${element.tagName} ${element.ariaLabel ?? element.textContent}`.slice(0, 60),
    mark: isMarked && shown !== element.dataset.plain ? outline : '',
    under: isSeen ? '' : (over?.outerHTML.slice(0, 80) ?? 'nothing: it is out of the window'),
  }
}

/** What is wider than it may be: the page, and every box that would have to be scrolled sideways, save listings of bytes. */
export function tooWide(): string[] {
  const boxes = [...document.querySelectorAll('*')].filter((element) => {
    if (element !== document.documentElement) {
      if (!/auto|scroll/.test(getComputedStyle(element).overflowX) || element.matches('pre')) return false
    }
    return element.scrollWidth > element.clientWidth
  })
  return boxes.map((box) => `${box.tagName}.${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)
}

/** What is seen and wider than the window, whatever box cuts it off: in one of its own nobody gets to the rest of it. */
export function widerThanWindow(): string[] {
  // Read aloud and not seen; listings of bytes, which scroll; a drawing that is about to be drawn anew.
  const excused = '.aloud, .aloud *, pre, pre *, .timeline-canvas *'
  /** One line that ends in an ellipsis says itself that there is more. */
  const isEllipsed = (element: Element | null): boolean =>
    element !== null &&
    (getComputedStyle(element).textOverflow === 'ellipsis' || isEllipsed(element.parentElement))
  return [...document.body.querySelectorAll('*')].flatMap((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    const isOut = left < -1 || right > innerWidth + 1
    if (!isOut || width <= 1 || element.matches(excused) || !element.checkVisibility()) return []
    if (isEllipsed(element)) return []
    return [`${element.tagName}.${element.className}: ${Math.round(left)} to ${Math.round(right)}`]
  })
}

/**
 * What of the texts that others chose is more than text, or turns what stands after it: a mark that changes the direction
 * must be the last thing in a box of its own direction.
 */
export function notInert(global: string): string[] {
  const faults: string[] = []
  if (global in globalThis) faults.push('a name was run')
  for (const image of document.images) {
    if (!image.getAttribute('src')?.startsWith('/extension/icons/'))
      faults.push(`an image: ${image.outerHTML}`)
  }
  const scripts = [...document.querySelectorAll('body script, iframe, object, embed, svg script, [onerror]')]
  faults.push(...scripts.map((element) => element.outerHTML.slice(0, 100)))
  // Who asks is never turned around, nor unseen.
  for (const origin of document.querySelectorAll('.origin'))
    if (/\p{Bidi_Control}|^\p{Default_Ignorable_Code_Point}*$/u.test(origin.textContent ?? ''))
      faults.push(`an origin: ${JSON.stringify(origin.textContent?.slice(0, 60))}`)
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!/[\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/.test(node.nodeValue ?? '')) continue
    let box = node.parentElement
    // Each option of a list is a paragraph of its own, whatever its style says.
    while (
      box !== null &&
      box.tagName !== 'OPTION' &&
      !getComputedStyle(box).unicodeBidi.startsWith('isolate')
    )
      box = box.parentElement
    const after = new Range()
    after.setStartAfter(node)
    after.setEndAfter(box?.lastChild ?? document.body)
    const turned = after.toString().trim()
    if (turned !== '') faults.push(`turned: ${JSON.stringify(turned.slice(0, 60))}`)
  }
  return faults
}

/** Buttons that a person with colours of their own cannot see the edge of. */
export function withoutBorder(selector = 'button.button'): string[] {
  const ground = getComputedStyle(document.body).backgroundColor
  const buttons = [...document.querySelectorAll<HTMLElement>(selector)]
  const faults = buttons.filter((button) => {
    const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(button)
    return borderTopStyle === 'none' || Number.parseFloat(borderTopWidth) < 1 || borderTopColor === ground
  })
  return faults.map((button) => button.textContent ?? '')
}

/** Names of the animations and transitions that run. */
export function runningAnimations(): string[] {
  const running = document.getAnimations().filter(({ playState }) => playState === 'running')
  return running.map((one) => ('animationName' in one ? String(one.animationName) : 'transition'))
}

/** Texts that are cut: in a box too small for them that shows the rest nowhere and does not end in an ellipsis either. */
export function cutTexts(): string[] {
  const boxes = [...document.body.querySelectorAll<HTMLElement>('*')].filter((element) => {
    if (!element.checkVisibility() || element.closest('.aloud, .timeline-canvas, svg') !== null) return false
    const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
    const isCut = (overflow: string, whole: number, shown: number) =>
      /hidden|clip/.test(overflow) && whole > shown + 1
    return (
      (isCut(overflowX, element.scrollWidth, element.clientWidth) && textOverflow !== 'ellipsis') ||
      isCut(overflowY, element.scrollHeight, element.clientHeight)
    )
  })
  return boxes.map((box) => `${box.tagName}.${box.className}: ${box.textContent.slice(0, 60)}`)
}

/** Things to press or to read that lie over one another, save those that stay in their place over what scrolls. */
export function overlapping(): string[] {
  const wanted = 'a, button, input, select, textarea, summary, h1, h2, h3, p, .chip'
  const pinned =
    '.popup-foot, .toast-place, .connect-bar, .approve-answers, .approve-head, .popup-head, .duration, .aloud'
  const things = [...document.querySelectorAll<HTMLElement>(wanted)].filter(
    (element) => element.checkVisibility() && element.closest(pinned) === null,
  )
  const boxes = things.map((thing) => ({ thing, ...thing.getBoundingClientRect().toJSON() }) as const)
  return boxes.flatMap((one, at) =>
    boxes.slice(at + 1).flatMap((other) => {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      const isInside = one.thing.contains(other.thing) || other.thing.contains(one.thing)
      if (isInside || across <= 2 || down <= 2) return []
      return [`${one.thing.textContent.slice(0, 40)} | ${other.thing.textContent.slice(0, 40)}`]
    }),
  )
}
