import { PAIR_EVENT, PORT_EVENT, PRESENT_EVENT } from '../../../shared/protocol/pairing.ts'
import type { InlinePage } from '../../support/pages/page-server.ts'

/** All that a document can see of the world it is in. */
export interface Portrait {
  /**
   * Every property of the globals, their prototypes and the objects a page starts with: its kind, its flags, its source text.
   * A line each, in one text: drivers are slow with long lists.
   */
  platform: string
  /**
   * Names of the window's own properties, in their order, when the page's first script runs. Later, Firefox adds what its driver
   * looked at (`DOMRectList`, `Location`) before or after what the page did.
   */
  order: string
  /** The document as text, before its body and after its load. */
  early: string
  late: string
  /** Requests, marks and measures in the performance timeline: type, URL, initiator. Sorted: entries of one millisecond have no order. */
  timeline: string[]
  /** Events of ours and messages that arrived. */
  heard: string[]
  /** Whether somebody answers the event that a second script of ours would ask with. */
  isAnswered: boolean
  /** Stacks and texts of errors that the network's functions make. */
  errors: string[]
  /** What came of asking for each of some URLs: in a request, and in a script element. */
  probed: string[]
}

/** Runs in the page's very first script. */
function prepare(events: string[]): void {
  const heard: string[] = []
  for (const type of events) addEventListener(type, () => heard.push(type), true)
  const early = document.documentElement.outerHTML
  const order = Reflect.ownKeys(globalThis).map(String).join()
  Object.assign(globalThis, { prepared: { heard, early, order } })
}

/** A page that looks around before anything else of it runs. */
export const PORTRAYED: InlinePage = {
  html:
    '<!doctype html><html lang="en"><head><title>Portrait</title><link rel="icon" href="data:,">' +
    `<script>(${prepare.toString()})(${JSON.stringify(['message', 'messageerror', PAIR_EVENT, PORT_EVENT, PRESENT_EVENT])})</script>` +
    '</head><body><p>Nobody grants this page anything.</p></body></html>',
}

/**
 * Runs in the page after its load, as text: nothing of the test's own may be in it.
 *
 * @param presentEvent asked last. @param urls asked for and compared.
 */
export async function portray(presentEvent: string, urls: string[]): Promise<Portrait> {
  const platform: string[] = []
  const seen = new Set<unknown>()
  const flags = ({ writable, enumerable, configurable }: PropertyDescriptor) =>
    [writable, enumerable, configurable].map(Number).join('')
  const text = (made: unknown) =>
    typeof made === 'function'
      ? `${made.name}/${made.length}/${Function.prototype.toString.call(made).replaceAll('\n', ' ')}`
      : typeof made
  const visit = (path: string, owner: object, depth: number) => {
    if (seen.has(owner)) return
    seen.add(owner)
    for (const key of Reflect.ownKeys(owner)) {
      const property = Reflect.getOwnPropertyDescriptor(owner, key)
      if (property === undefined) continue
      const { value, get, set } = property
      const name = `${path}.${String(key)}`
      platform.push(`${name} ${flags(property)} ${text(value)} ${text(get)} ${text(set)}`)
      const isClass = typeof value === 'function' || (typeof value === 'object' && value !== null)
      if (isClass && depth > 0 && value !== globalThis) visit(name, value, depth - 1)
    }
  }
  visit('window', globalThis, 2)
  visit('Window.prototype', Object.getPrototypeOf(globalThis), 2)
  for (const [name, instance] of Object.entries({ document, navigator, performance, location }))
    visit(name, instance, 1)

  const errors: string[] = []
  const tell = (error: unknown) => errors.push(`${String(error)} ${(error as Error).stack}`)
  await fetch('http://[').catch(tell)
  await (fetch as unknown as () => Promise<unknown>)().catch(tell)
  try {
    new XMLHttpRequest().open('GET', 'http://[')
  } catch (error) {
    tell(error)
  }
  try {
    navigator.sendBeacon('http://[')
  } catch (error) {
    tell(error)
  }
  const probed: string[] = []
  for (const url of urls) {
    const asked = await fetch(url).then(String, String)
    const script = document.createElement('script')
    const loaded = await new Promise((resolve) => {
      script.onload = () => resolve('load')
      script.onerror = () => resolve('error')
      script.src = url
      document.head.append(script)
    })
    script.remove()
    probed.push(`${url} ${asked} ${loaded}`)
  }
  const timeline = performance
    .getEntries()
    .filter(({ entryType }) => ['navigation', 'resource', 'mark', 'measure'].includes(entryType))
    .map((entry) => `${entry.entryType} ${entry.name} ${(entry as PerformanceResourceTiming).initiatorType}`)
    .sort()
  const { heard, early, order } = (
    globalThis as unknown as { prepared: Pick<Portrait, 'heard' | 'early' | 'order'> }
  ).prepared
  const before = [...heard]
  const isAnswered = !dispatchEvent(new Event(presentEvent, { cancelable: true }))
  const late = document.documentElement.outerHTML
  return {
    platform: platform.join('\n'),
    order,
    early,
    late,
    timeline,
    heard: before,
    isAnswered,
    errors,
    probed,
  }
}
