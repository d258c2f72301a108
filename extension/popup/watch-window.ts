import type { Arming, WindowLook } from './arming.ts'

/** How often the window is looked at, in milliseconds: browsers tell pages nothing of being moved. */
const LOOK_MS = 100

/** Keys that press a button. */
const PRESSING = new Set(['Enter', ' '])

/** Where this document's window is and whether it is in front. */
function lookOf(view: Window): WindowLook {
  const { screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio } = view
  const place = [screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio]
  const { visibilityState } = view.document
  return {
    focused: view.document.hasFocus(),
    visible: visibilityState === 'visible',
    place: place.join(' '),
  }
}

/**
 * Keep an arming informed of everything that happens to the window, and keep events that no person made from every button of
 * the page.
 *
 * @param onLook told after every look.
 */
export function watchWindow(view: Window, arming: Arming, onLook: () => void): void {
  const look = () => {
    arming.look(lookOf(view))
    onLook()
  }
  const disturbed = () => {
    arming.disturb()
    look()
  }
  for (const name of ['focus', 'blur', 'resize'] as const) view.addEventListener(name, disturbed)
  view.document.addEventListener('visibilitychange', disturbed)
  view.setInterval(look, LOOK_MS)
  guardEvents(view, arming, look)
  look()
}

function guardEvents(view: Window, arming: Arming, look: () => void): void {
  const pressed = (event: Event) => {
    look()
    if (isNobodys(event)) swallow(event)
    else arming.press()
  }
  // After the click that it causes, which the browser sends in the same turn.
  const released = () => view.setTimeout(() => arming.release())
  for (const name of ['pointerdown', 'keydown']) view.addEventListener(name, pressed, true)
  for (const name of ['pointerup', 'pointercancel', 'keyup']) view.addEventListener(name, released, true)
  view.addEventListener('click', (event) => (isNobodys(event) ? swallow(event) : look()), true)
}

/** SECURITY: made by a script, or by a key that is held down since before: nobody means it for what is shown now. */
function isNobodys(event: Event): boolean {
  if (!event.isTrusted) return true
  return event instanceof KeyboardEvent && event.repeat && PRESSING.has(event.key)
}

function swallow(event: Event): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}
