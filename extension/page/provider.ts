import { ANNOUNCE_PROVIDER, type ProviderOrder, REQUEST_PROVIDER } from '../../shared/provider/events.ts'
import { withoutOurFrames } from './failure.ts'
import { apply, fire, NativePromise, on, ownOrigin, page } from './primordials.ts'
import { closeCall, openCall, receivers, send } from './wire.ts'

const { freeze } = Object
const { CustomEvent: NativeCustomEvent, Error: NativeError, EventTarget: NativeTarget } = page

const order = (name: ProviderOrder, wish?: unknown): Promise<unknown> =>
  new NativePromise((resolve, reject) => {
    const id = openCall((frame) => {
      closeCall(id)
      const { code = frame ? undefined : 'no-host', value } = (frame ?? {}) as Record<
        'code' | 'value',
        unknown
      >
      if (!code) return resolve(value)
      const error = withoutOurFrames(new NativeError(`Valet Key: ${code}`)) as Error & { code: unknown }
      error.code = code
      reject(error)
    })
    try {
      // What cannot be cloned is refused by content/ as what it is not.
      send({ type: 'provider', id, order: name, wish })
    } catch {
      send({ type: 'provider', id, order: name, wish: 0 })
    }
  })

let onended: unknown = null

class Provider extends NativeTarget {
  availability(options?: unknown) {
    return order('availability', options)
  }
  request(wish: unknown) {
    return order('request', wish)
  }
  sessions() {
    return order('sessions')
  }
  release() {
    return order('release')
  }
  get onended() {
    return onended
  }
  set onended(listener: unknown) {
    onended = listener
  }
}

/** Say to the page, now and whenever it asks, that it may ask: `shared/provider/README.md`. No global, and not where nothing can be given. */
export function offerProvider(): void {
  if (ownOrigin === 'null') return
  freeze(Provider.prototype)
  const provider = freeze(new Provider())
  const detail = freeze({
    info: freeze({ name: 'Valet Key', rdns: 'org.valetkey', version: 1 }),
    provider,
  })
  const announce = () => fire(page, new NativeCustomEvent(ANNOUNCE_PROVIDER, { detail }))
  on(provider, 'ended', (event) => typeof onended === 'function' && apply(onended, provider, [event]))
  receivers[0] = (frame) => {
    const { value } = (frame ?? {}) as { value?: object }
    if (value) fire(provider, new NativeCustomEvent('ended', { detail: freeze(value) }))
  }
  on(page, REQUEST_PROVIDER, announce)
  announce()
}
