import { ALIVE_EVENT, FRAMES_EVENT, PAIR_EVENT, PORT_EVENT } from '../../shared/protocol/pairing.ts'
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
      if (isContextValid()) alive.preventDefault()
    })
    port.addEventListener(FRAMES_EVENT, (given) => {
      const { data } = given as MessageEvent<unknown>
      if (typeof data === 'string') carrier.takeNow(data)
    })
    carrier.serve(port)
  })
  dispatchEvent(new Event(PAIR_EVENT))
}

if (world.valetKeyCarrier === undefined) {
  const carrier = new Carrier()
  world.valetKeyCarrier = carrier
  meet(carrier)
  carrier.connect()
} else {
  world.valetKeyCarrier.connect()
}
