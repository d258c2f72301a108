import browser from 'webextension-polyfill'
import type { OwnerResults } from '../../shared/protocol/owner-port.ts'
import type {
  KeyMark,
  KeysOfDocument,
  LookDepth,
  PageKeyMove,
  PageKeyQuiet,
  ReplacedInPage,
  ToldKey,
} from '../../shared/protocol/page-keys.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { allGrants } from '../ui/all-grants.ts'
import type { DocumentTable } from './document-table.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import { joinLooks } from './join-looks.ts'
import { isPermitted } from './permitted.ts'
import { quietKeysOf, setQuietKey } from './quiet-keys.ts'
import type { SpottedKeys } from './spotted-keys.ts'

/** The script that looks, where the build leaves it. */
const SCRIPT = '/extension/content/page-keys.js'

/** What that script leaves in the isolated world of the document: see `content/page-keys/page-keys.ts`. */
interface HeldKeys {
  look(marks: readonly KeyMark[], depth: LookDepth, salt: string): Promise<KeysOfDocument>
  take(marks: readonly KeyMark[], told: ToldKey, depth: LookDepth): Promise<string | null>
  replace(key: string, placeholder: string, depth: LookDepth): Promise<ReplacedInPage>
}
type Method = keyof HeldKeys
type World = { valetKeyHeldKeys?: Record<Method, (...args: unknown[]) => unknown> }

/** A tab's own document and its origin; with a frame, that of the same origin in it. */
interface Place extends Pick<PageKeyMove, 'tabId' | 'origin'> {
  frame?: number
}

interface Parts {
  commands: Pick<HostCommands, 'send'>
  table: Pick<DocumentTable, 'framesOf'>
  spotted: Pick<SpottedKeys, 'settle' | 'refresh'>
}

/**
 * Looks in the pages of granted sites for keys that they hold themselves, when the owner looks, and takes one out at the
 * owner's word. What to look for the host says, and whether what was found is a key; a key is here from when it is taken
 * until the host has answered, and told to nobody else.
 */
export class PageKeySearch {
  readonly #commands: Parts['commands']
  readonly #table: Parts['table']
  readonly #spotted: Parts['spotted']

  constructor({ commands, table, spotted }: Parts) {
    this.#commands = commands
    this.#table = table
    this.#spotted = spotted
  }

  /** What a tab's own document holds, and the frames of its origin. Null: it has no grant. @throws CommandRefusal */
  async look({
    tabId,
    origin,
    deep,
  }: Place & { deep?: true | undefined }): Promise<OwnerResults['page-keys']> {
    const at = { tabId, origin }
    if (!(await this.#isGranted(at))) return null
    const marks = await this.#commands.send({ name: 'key-marks' })
    const salt = crypto.randomUUID()
    const own = await inDocument(at, 'look', marks, deep === true ? 'deep' : 'quick', salt)
    if (own === null) return null
    const others = this.#framesOf(at).map((frame) => inDocument(frame, 'look', marks, 'aside', salt))
    const looks = (await Promise.all(others)).filter((look) => look !== null)
    return { ...joinLooks([own, ...looks]), quiet: await quietKeysOf(origin) }
  }

  /** Take a key out: into the vault first where it is to go there, so that it is lost nowhere. @throws CommandRefusal */
  async move(order: PageKeyMove): Promise<OwnerResults['page-key-move']> {
    if (!(await this.#isGranted(order)))
      throw new CommandRefusal('unknown', 'the tab shows no site with a grant any more')
    const { tabId, preset, place, into } = order
    const key = await this.#take(order)
    if (key === null) throw new CommandRefusal('unknown', 'the page does not hold that key any more')
    const service = into.way === 'drop' ? await this.#existing(order) : await this.#store(order, key)
    const done = await this.#replace(order, key, service.placeholder)
    if (into.way === 'drop' && (done?.replaced ?? 0) === 0)
      throw new CommandRefusal('unknown', 'nothing was replaced: the page may still hold that key')
    this.#spotted.settle(tabId, preset)
    return { service, ...(done ?? { replaced: 0, left: 0 }), untouched: isUntouched(place, done) }
  }

  /** Say nothing more of keys of a service on a site by itself, or do so again. @throws CommandRefusal */
  async setQuiet({ origin, preset, quiet }: PageKeyQuiet): Promise<null> {
    if (!(await this.#isGranted({ origin })))
      throw new CommandRefusal('unknown', 'the tab shows no site with a grant any more')
    await setQuietKey(origin, preset, quiet)
    await this.#spotted.refresh(origin)
    return null
  }

  async #take({ tabId, origin, id, preset, place }: PageKeyMove): Promise<string | null> {
    const marks = await this.#commands.send({ name: 'key-marks' })
    const told = { id, preset, place }
    const depth = place.kind === 'indexed' ? 'deep' : 'quick'
    const own = await inDocument({ tabId, origin }, 'take', marks, told, depth)
    if (own !== null) return own
    const others = this.#framesOf({ tabId, origin })
    const taken = others.map((frame) => inDocument(frame, 'take', marks, told, 'aside'))
    return (await Promise.all(taken)).find((key) => key !== null) ?? null
  }

  /** What the storage of the page is said of by its own document; the frames note that the key was taken out. */
  async #replace(at: Place, key: string, placeholder: string): Promise<ReplacedInPage | null> {
    const { tabId, origin } = at
    const done = await inDocument({ tabId, origin }, 'replace', key, placeholder, 'deep')
    const frames = this.#framesOf(at)
    await Promise.all(frames.map((frame) => inDocument(frame, 'replace', key, placeholder, 'aside')))
    return done
  }

  #framesOf({ tabId, origin }: Place): Place[] {
    return this.#table.framesOf(tabId, origin).map((frame) => ({ tabId, origin, frame }))
  }

  /** SECURITY: no script is sent where one of these is missing, whatever the browser would allow: a click on our button lets us into any page. */
  async #isGranted({ origin }: Pick<Place, 'origin'>): Promise<boolean> {
    if (!(await isPermitted(origin))) return false
    const grants = await allGrants((command) => this.#commands.send(command))
    return grants.some((grant) => grant.origin === origin && grant.topOrigin === origin)
  }

  #store({ origin, preset, into }: PageKeyMove, key: string): Promise<ServiceSummary> {
    const replace = into.way === 'replace' ? { replace: into.service } : {}
    return this.#commands.send({ name: 'key-move', origin, preset, key, ...replace })
  }

  async #existing({ preset, into }: PageKeyMove): Promise<ServiceSummary> {
    const services = await this.#commands.send({ name: 'service-list' })
    const service = services.find((each) => {
      return into.way === 'drop' && each.id === into.service && each.preset === preset
    })
    if (service === undefined) throw new CommandRefusal('unknown', 'the vault has no such service')
    return service
  }
}

/** A key that calls alone had is in no storage, so nothing is replaced there. */
function isUntouched({ kind }: PageKeyMove['place'], done: ReplacedInPage | null): boolean {
  if (done === null) return true
  return kind !== 'call' && kind !== 'address' && done.replaced + done.left === 0
}

/** Have the script in a document do something. Null: it is not there any more, or shows another origin. */
async function inDocument<M extends Method>(
  { tabId, origin, frame }: Place,
  method: M,
  ...args: Parameters<HeldKeys[M]>
): Promise<Awaited<ReturnType<HeldKeys[M]>> | null> {
  const target = { tabId, frameIds: [frame ?? 0] }
  // A frame that loads for long is not waited for; our other scripts are there from its beginning.
  const when = frame === undefined ? {} : { injectImmediately: true }
  try {
    await browser.scripting.executeScript({ target, files: [SCRIPT], ...when })
    const [answer] = await browser.scripting.executeScript({
      target,
      func: callHeldKeys,
      args: [origin, method, args],
      ...when,
    })
    return (answer?.result ?? null) as Awaited<ReturnType<HeldKeys[M]>> | null
  } catch {
    // The tab is closed, or shows a page of the browser's own.
    return null
  }
}

/** Travels into the document as text. SECURITY: between the owner's look and now the tab may have gone elsewhere. */
function callHeldKeys(origin: string, method: Method, args: unknown[]): unknown {
  if (globalThis.origin !== origin) return null
  return (globalThis as World).valetKeyHeldKeys?.[method](...args) ?? null
}
