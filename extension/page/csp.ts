import { isLeaving } from './leaving.ts'
import {
  appendChild,
  apply,
  attachShadow,
  bare,
  clock,
  createElementNS,
  defineProperty,
  fire,
  frameDocument,
  frameWindow,
  headOf,
  indexOf,
  isGecko,
  later,
  matches,
  NativeBlob,
  NativeBytes,
  NativeEvent,
  NativePromise,
  NativeViolationEvent,
  never,
  on,
  page,
  querySelectorAll,
  removeElement,
  sendBeacon,
  setAttribute,
  sourceOf,
  splitText,
  VIOLATION_EVENT,
} from './primordials.ts'
import { replace, replaceAll } from './replace.ts'
import { askCreator } from './wire.ts'
import { setting } from './workers/own-source.ts'
import type { Judgement } from './workers/worker-frames.ts'

/**
 * One byte more than any beacon takes: Chromium asks the page's policy first and refuses the size then, at once and silently.
 * A blob, which is not copied for each look, made for the first: most pages call for none.
 */
let tooMuch: Blob | null = null

/** What a worker's violation says of its place where nothing is known of it. */
const PLACELESS = { referrer: '', sample: '', sourceFile: '', statusCode: 0, lineNumber: 0, columnNumber: 0 }

/** By origin and path, which are what policies look at, and the number of policies that the page has given itself. */
const judgements: Record<string, Promise<Judgement>> = bare()
const settled: Record<string, Judgement> = bare()

/**
 * Whether the page's own Content Security Policy lets it connect to a URL. Where it does not, or would report it, the
 * violation event is fired, in a worker there. The browser itself is asked, in ways that put nothing on the network.
 *
 * @param isSource it is an EventSource that connects: of those Firefox says nothing in a worker.
 */
export function permits(url: string, isSource = false): boolean | Promise<boolean> {
  if (!setting && !isGecko) {
    tooMuch ??= new NativeBlob([new NativeBytes(65_537)])
    return !sendBeacon(navigator, url, tooMuch)
  }
  const known = settled[keyOf(plainly(url))]
  const isQuiet = setting && isGecko && isSource
  if (known) return tellOf(known, url, isQuiet)
  // There is no time left to ask.
  return isLeaving() || askAndTell(url, isQuiet)
}

/**
 * What the policies say to a URL, without a word to the page. A covered worker starts from a text and so has the policies of
 * whoever started it, but nothing to ask them with: it is judged there, and keeps what it heard, as its policies stay what
 * they were when it started.
 */
export async function judgementOf(url: string): Promise<Judgement> {
  const plain = plainly(url)
  const key = keyOf(plain)
  judgements[key] ??= setting ? askCreator(plain) : judge(plain)
  let judgement: Judgement = { events: [], isBlocked: true }
  try {
    judgement = await judgements[key]
  } catch {
    // SECURITY: what cannot be asked, as in a document without its root, is not allowed.
  }
  if (judgement.events.length > 0 || !judgement.isBlocked) settled[key] = judgement
  else delete judgements[key]
  return judgement
}

/** Keep this script's address out of what the page is told of a violation: through us go its calls, so ours is the last stack. */
export function hideOurSource(): void {
  const { prototype } = NativeViolationEvent
  const isOurs = (event: unknown) =>
    matches(/^(chrome-extension|<anonymous code>)$/, sourceOf(event as SecurityPolicyViolationEvent))
  replace(prototype, 'sourceFile', (native, self, args) => {
    const source = apply(native, self, args)
    return isOurs(self) ? '' : source
  })
  replaceAll(prototype, ['lineNumber', 'columnNumber'], (native, self, args) => {
    const number = apply(native, self, args)
    return isOurs(self) ? 0 : number
  })
}

/** Without query and fragment. */
const plainly = (url: string): string => splitText(splitText(url, '#')[0] as string, '?')[0] as string

const keyOf = (plain: string): string =>
  `${setting ? 0 : querySelectorAll(document, 'meta[http-equiv="content-security-policy" i]').length} ${plain}`

const askAndTell = async (url: string, isQuiet: unknown): Promise<boolean> =>
  tellOf(await judgementOf(url), url, isQuiet)

function tellOf({ events, isBlocked }: Judgement, url: string, isQuiet: unknown): boolean {
  for (let i = 0; !isQuiet && i < events.length; i++) {
    const event = eventOf({ ...events[i], ...place(), blockedURI: splitText(url, '#')[0] as string })
    later(() => fire(setting ? page : document, event), 0)
  }
  return !isBlocked
}

/** Where a violation was, as the browser tells it: of a worker Firefox tells the document. */
const place = (): SecurityPolicyViolationEventInit | false =>
  setting
    ? !isGecko && { documentURI: 'blob' }
    : { documentURI: location.href, referrer: document.referrer, statusCode: 200 }

/** In workers Firefox fires such events, and has no constructor of them: there it is an event that holds the same. */
function eventOf(init: SecurityPolicyViolationEventInit): Event {
  const type = VIOLATION_EVENT
  if (NativeViolationEvent) return new NativeViolationEvent(type, init)
  const event = new NativeEvent(type, init)
  const shown: Record<string, unknown> = { ...PLACELESS, ...init }
  for (const key in shown) {
    if (key in event) continue
    defineProperty(event, key, { value: shown[key], __proto__: null } as PropertyDescriptor)
  }
  return event
}

/**
 * Firefox looks at the policy last of all it looks at, and has no call that fails after that; and what Chromium is asked for
 * a worker is no event of the document's. So a document that inherits the
 * page's policies, and has one more that forbids everything, tries to connect: each policy says what it has to say.
 * SECURITY: that document cannot reach the network; the URL goes without its query all the same, where keys may be.
 */
function judge(url: string): Promise<Judgement> {
  const make = (name: string) => createElementNS(document, 'http://www.w3.org/1999/xhtml', name)
  const host = make('div')
  const frame = make('iframe') as HTMLIFrameElement
  const fence = `a${clock() * 1000}`
  const judgement: Judgement = { events: [], isBlocked: false }
  return new NativePromise((resolve) => {
    const end = () => {
      never(timer)
      removeElement(host)
      resolve(judgement)
    }
    const timer = later(() => {
      // SECURITY: what cannot be asked is not allowed.
      judgement.isBlocked = true
      end()
    }, 3000)
    appendChild(attachShadow(host, { mode: 'closed' }), frame)
    appendChild(document.documentElement, host)
    const inner = frameDocument(frame) as Document
    on(inner, VIOLATION_EVENT, (event) => {
      const said = event as SecurityPolicyViolationEvent
      if (indexOf(said.originalPolicy, fence) >= 0) return end()
      judgement.isBlocked ||= said.disposition === 'enforce'
      judgement.events[judgement.events.length] = initOf(said)
    })
    const meta = make('meta')
    setAttribute(meta, 'http-equiv', 'Content-Security-Policy')
    setAttribute(meta, 'content', `connect-src 'none';form-action ${fence}`)
    appendChild(headOf(inner) as Node, meta)
    sendBeacon((frameWindow(frame) as Window).navigator, url)
  })
}

function initOf(said: SecurityPolicyViolationEvent): SecurityPolicyViolationEventInit {
  return {
    disposition: said.disposition,
    effectiveDirective: said.effectiveDirective,
    originalPolicy: said.originalPolicy,
    violatedDirective: said.violatedDirective,
    documentURI: location.href,
    bubbles: true,
    composed: true,
    __proto__: null,
  } as SecurityPolicyViolationEventInit
}
