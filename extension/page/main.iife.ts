import { PRESENT_EVENT } from '../../shared/protocol/pairing.ts'
import { catchBeacon } from './beacon.ts'
import { hideOurSource } from './csp.ts'
import { catchEventSource } from './event-source.ts'
import { catchFetch } from './fetch.ts'
import { answer } from './hidden-event.ts'
import { watchLeaving } from './leaving.ts'
import { fire, isGecko, NativeEvent, page } from './primordials.ts'
import { offerProvider } from './provider.ts'
import { keepSourceText } from './replace.ts'
import { tellFacts } from './response-facts.ts'
import { watchSockets } from './sockets.ts'
import { watchStop } from './stop.ts'
import { pair } from './wire.ts'
import { coverWorkers, watchOtherWorkers } from './workers/cover.ts'
import { hearOfRefusals } from './workers/covered-worker.ts'
import { settleIn } from './workers/in-worker.ts'
import { setting } from './workers/own-source.ts'
import { catchXhr } from './xhr/catch-xhr.ts'
import { showXhr } from './xhr/show-xhr.ts'

/** True where an earlier run of this script patched this window: after an extension update, or a second injection. */
function isPresent(): boolean {
  if (!fire(page, new NativeEvent(PRESENT_EVENT, { cancelable: true }))) return true
  answer(PRESENT_EVENT, () => {})
  return false
}

function catchAll(): void {
  keepSourceText()
  tellFacts()
  catchFetch()
  catchXhr()
  showXhr()
  catchEventSource()
  watchSockets()
  coverWorkers()
  hearOfRefusals()
}

if (setting) {
  catchAll()
  settleIn(setting)
} else if (!isPresent()) {
  catchAll()
  watchOtherWorkers()
  catchBeacon()
  watchStop()
  hideOurSource()
  // Only Firefox is asked for its policies in a way that takes time, and to listen for the end of a page costs its start.
  if (isGecko) watchLeaving()
  pair()
  offerProvider()
}
