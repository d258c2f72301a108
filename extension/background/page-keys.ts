import browser from 'webextension-polyfill'
import type { OwnerResults } from '../../shared/protocol/owner-port.ts'
import type {
  KeyMark,
  PageKeyMove,
  PageKeys,
  ReplacedInPage,
  ToldKey,
} from '../../shared/protocol/page-keys.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { allGrants } from '../ui/all-grants.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import { isPermitted } from './permitted.ts'

/** The script that looks, where the build leaves it. */
const SCRIPT = '/extension/content/page-keys.js'

/** What that script leaves in the isolated world of the document: see `content/page-keys/page-keys.ts`. */
interface HeldKeys {
  look(marks: readonly KeyMark[]): PageKeys
  take(marks: readonly KeyMark[], told: ToldKey): string | null
  replace(key: string, placeholder: string): ReplacedInPage
}
type Method = keyof HeldKeys
type World = { valetKeyHeldKeys?: Record<Method, (...args: unknown[]) => unknown> }

/** A tab's own document and its origin. */
type Place = Pick<PageKeyMove, 'tabId' | 'origin'>

/**
 * Looks in the pages of granted sites for keys that they hold themselves, when the owner looks, and takes one out at the
 * owner's word. What to look for the host says, and whether what was found is a key; a key is here from when it is taken
 * until the host has answered, and told to nobody else.
 */
export class PageKeySearch {
  readonly #commands: Pick<HostCommands, 'send'>

  constructor(commands: Pick<HostCommands, 'send'>) {
    this.#commands = commands
  }

  /** What a tab's own document holds. Null: it has no grant. @throws CommandRefusal */
  async look(at: Place): Promise<OwnerResults['page-keys']> {
    if (!(await this.#isGranted(at))) return null
    const marks = await this.#commands.send({ name: 'key-marks' })
    return await inDocument(at, 'look', marks)
  }

  /** Take a key out: into the vault first where it is to go there, so that it is lost nowhere. @throws CommandRefusal */
  async move(order: PageKeyMove): Promise<OwnerResults['page-key-move']> {
    if (!(await this.#isGranted(order)))
      throw new CommandRefusal('unknown', 'the tab shows no site with a grant any more')
    const { id, preset, place, into } = order
    const marks = await this.#commands.send({ name: 'key-marks' })
    const key = await inDocument(order, 'take', marks, { id, preset, place })
    if (key === null) throw new CommandRefusal('unknown', 'the page does not hold that key any more')
    const service = into.way === 'drop' ? await this.#existing(order) : await this.#store(order, key)
    const done = await inDocument(order, 'replace', key, service.placeholder)
    if (into.way === 'drop' && (done?.replaced ?? 0) === 0)
      throw new CommandRefusal('unknown', 'nothing was replaced: the page may still hold that key')
    return { service, ...(done ?? { replaced: 0, left: 0 }), untouched: isUntouched(place, done) }
  }

  /** SECURITY: no script is sent where one of these is missing, whatever the browser would allow: a click on our button lets us into any page. */
  async #isGranted({ origin }: Place): Promise<boolean> {
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
  return (kind === 'local' || kind === 'session') && done.replaced + done.left === 0
}

/** Have the script in a tab's own document do something. Null: it is not there any more, or shows another origin. */
async function inDocument<M extends Method>(
  { tabId, origin }: Place,
  method: M,
  ...args: Parameters<HeldKeys[M]>
): Promise<ReturnType<HeldKeys[M]> | null> {
  const target = { tabId, frameIds: [0] }
  try {
    await browser.scripting.executeScript({ target, files: [SCRIPT] })
    const [answer] = await browser.scripting.executeScript({
      target,
      func: callHeldKeys,
      args: [origin, method, args],
    })
    return (answer?.result ?? null) as ReturnType<HeldKeys[M]> | null
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
