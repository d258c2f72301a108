/*
 * What is looked at in a page that is used by the keyboard. Each function runs inside the page: it takes and returns plain values
 * and uses nothing of this file.
 */

/** What has the focus in a page, as somebody without a mouse meets it. */
export interface Focused {
  /** What it is and is called: `BUTTON Revoke`. Empty: the page itself has it. */
  readonly what: string
  /** Of the line around it, in CSS pixels, measured. */
  readonly outline: number
  /** It is in the window, and nothing else lies over it. */
  readonly isSeen: boolean
  /** The page has the keyboard: the browser's own buttons have not. */
  readonly isPages: boolean
  /** Where in the window it is, for the message of a test that fails. */
  readonly where: string
}

/** Inside the page: notes each picture in which nothing has the focus, once something had. */
export function watchFocus(): void {
  const world = globalThis as { focusLosses?: string[] }
  if (world.focusLosses !== undefined) return
  const losses: string[] = []
  world.focusLosses = losses
  let last = ''
  /** The Tab key went on from the last stop: what comes then is the browser's own. */
  let isAway = false
  const note = () => {
    const { activeElement: has, body } = document
    const isOn = has instanceof HTMLElement && has !== body && !has.matches(':disabled')
    if (isOn) last = `${has.tagName} ${has.ariaLabel ?? has.textContent.slice(0, 60)}`
    return isOn
  }
  addEventListener('focusin', () => {
    isAway = false
    note()
  })
  addEventListener('keydown', ({ key }) => {
    if (key === 'Tab') isAway = note()
  })
  const look = () => {
    const isLost = !note() && !isAway && last !== '' && document.hasFocus()
    if (isLost && losses.at(-1) !== `after ${last}`) losses.push(`after ${last}`)
    requestAnimationFrame(look)
  }
  look()
}

/** Inside the page: notes what a screen reader would say by itself. */
export function watchSaid(): void {
  const world = globalThis as { saidAloud?: string[] }
  if (world.saidAloud !== undefined) return
  const said: string[] = []
  world.saidAloud = said
  const region = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
  const look = (records: MutationRecord[]) => {
    for (const { target, addedNodes } of records) {
      const place = target instanceof Element ? target : target.parentElement
      const around = place?.closest(region)
      // A region that comes with its text in it is said where it is an alert, and nowhere else for certain.
      const alerts = [...addedNodes].flatMap((node) =>
        node instanceof Element ? [node, ...node.querySelectorAll('*')] : [],
      )
      const own = alerts.filter((one) => one.matches('[role=alert]'))
      for (const one of [...(around ? [around] : []), ...own]) said.push(one.textContent)
    }
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Inside the page. A field is called by its label. */
export function focusedThing(): Focused {
  const element = document.activeElement
  const isPages = document.hasFocus()
  if (!(element instanceof HTMLElement) || element === document.body)
    return { what: '', outline: 0, isSeen: false, isPages, where: '' }
  const labels = [...((element as HTMLInputElement).labels ?? [])].map((one) => one.textContent).join(' ')
  // A box that scrolls is a stop too where a browser makes it one, and is called by none of what is in it.
  const own = element.matches('main, div, section, pre, blockquote') ? '' : element.textContent
  const name = element.ariaLabel ?? (labels || own)
  // A box of its own that is not drawn is drawn by what follows it.
  const shown = getComputedStyle(element).opacity === '0' ? element.nextElementSibling : element
  const { outlineStyle, outlineWidth } = getComputedStyle(shown ?? element)
  const box = (shown ?? element).getBoundingClientRect()
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2
  const over = document.elementFromPoint(
    box.left + Math.min(box.width / 2, innerWidth - box.left - 2),
    middle,
  )
  return {
    what: `${element.tagName} ${name.replace(/\s+/g, ' ').trim()}`,
    outline: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
    isSeen:
      over !== null && (element.contains(over) || over.contains(element) || shown?.contains(over) === true),
    isPages,
    where: `${Math.round(box.top)} to ${Math.round(box.bottom)} of ${innerHeight}, scrolled ${Math.round(scrollY)}`,
  }
}

/** Inside the page: what the keyboard should come to, as {@link focusedThing} calls it. */
export function thingsToReach(): string[] {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  return [...document.querySelectorAll<HTMLElement>(wanted)].flatMap((element) => {
    if (element.matches(':disabled, [aria-disabled=true]') || !element.checkVisibility()) return []
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((one) => one.textContent).join(' ')
    const name = element.ariaLabel ?? (labels || element.textContent)
    return [`${element.tagName} ${name.replace(/\s+/g, ' ').trim()}`]
  })
}
