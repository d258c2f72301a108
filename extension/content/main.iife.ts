import {
  ALIVE_EVENT,
  CHILD_EVENT,
  FRAMES_EVENT,
  PAIR_EVENT,
  PORT_EVENT,
} from '../../shared/protocol/pairing.ts'
import { isOwn } from './ancestors.ts'
import { isContextValid } from './browser.ts'
import { Carrier } from './carrier.ts'

/** The carrier of this document. The isolated world's own global: the page cannot see it, a second injection can. */
const world = globalThis as { valetKeyCarrier?: Carrier }

/** Meet the page's script: ask for a port, or take the one it offers when it starts. */
function meet(carrier: Carrier): void {
  addEventListener(PORT_EVENT, function take(event) {
    const [port] = (event as MessageEvent).ports
    if (port === undefined) return
    event.preventDefault()
    event.stopImmediatePropagation()
    removeEventListener(PORT_EVENT, take)
    port.addEventListener(ALIVE_EVENT, (alive) => {
      if (!isContextValid()) return
      alive.preventDefault()
      carrier.hurry()
    })
    port.addEventListener(FRAMES_EVENT, (given) => {
      carrier.takeNow((given as MessageEvent).data)
    })
    carrier.serve(port)
    askParent(port)
  })
  dispatchEvent(new Event(PAIR_EVENT))
}

/**
 * Have a parent of the same origin tell a page's script what is caught. It has the same witness, so the same sessions, and a
 * frame may be left before background/ has answered.
 */
function askParent(port: MessagePort): void {
  // SECURITY: the parent's own origin. By `document.domain` a page may look into a document of another, which has another list.
  if (parent !== window && isOwn(parent))
    parent.dispatchEvent(new MessageEvent(CHILD_EVENT, { ports: [port] }))
}

if (world.valetKeyCarrier === undefined) {
  const carrier = new Carrier()
  world.valetKeyCarrier = carrier
  meet(carrier)
  carrier.begin()
} else {
  world.valetKeyCarrier.connect()
}
