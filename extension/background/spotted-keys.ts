import { finderOf, KEYED, type KeyFinder } from '../../shared/presets/find-keys.ts'
import type { AskedCall } from './calls.ts'
import { isOwnSite } from './document-table.ts'
import type { HostCommands } from './host-commands.ts'
import { Listeners } from './listeners.ts'
import type { PageDocument } from './page-document.ts'
import { quietKeysOf } from './quiet-keys.ts'

/** Most characters of one call that are looked through: a key is shorter, and a page is not to keep us busy. */
const MOST_TEXT = 4096

/** What a document's calls carried, by service. */
interface Spotted {
  presets: Set<string>
  /** Those that its owner has dealt with: the page may send them from its memory on. */
  settled: Set<string>
}

/**
 * Notes of which services the calls of documents carried a real key, so that the toolbar button can say so unasked.
 * SECURITY: that is all it notes. It looks at what passes here on its way to the host anyway, and reads nothing in a page.
 */
export class SpottedKeys {
  /** Told when a tab's may be others. */
  readonly onChanged = new Listeners<void>()
  readonly #commands: Pick<HostCommands, 'send'>
  readonly #documents = new Map<PageDocument, Spotted>()
  /** Services that are not to be told, by origin, as far as they were asked for. */
  readonly #quiet = new Map<string, readonly string[]>()
  #finder: Promise<KeyFinder> | null = null

  constructor(commands: Pick<HostCommands, 'send'>) {
    this.#commands = commands
  }

  /** Look at a call that goes to the host. Frames of other sites are left: what they hold is not the tab's site's to give. */
  async see({ document, ask }: AskedCall): Promise<void> {
    const texts = textsOf(ask)
    const { witnessed } = document
    if (texts.length === 0 || witnessed === null || !isOwnSite(witnessed)) return
    const find = await this.#find()
    const presets = texts.flatMap(find ?? (() => [])).map(({ mark }) => mark.preset)
    if (presets.length === 0 || document.isGone || document.witnessed === null) return
    if (this.#note(document, presets)) await this.refresh(witnessed.origin)
  }

  /** The services that a tab's calls carried a key of, without those that are to be quiet. */
  inTab(tabId: number): string[] {
    const told = [...this.#documents].flatMap(([{ witnessed }, { presets }]) => {
      if (witnessed?.tabId !== tabId) return []
      return [...presets].filter((preset) => !this.#quiet.get(witnessed.origin)?.includes(preset))
    })
    return [...new Set(told)]
  }

  /** The tabs of which something was noted. */
  get tabs(): number[] {
    return [...new Set([...this.#documents.keys()].flatMap(({ witnessed }) => witnessed?.tabId ?? []))]
  }

  /** A key of a service was taken out of what a tab shows. */
  settle(tabId: number, preset: string): void {
    for (const [{ witnessed }, { presets, settled }] of this.#documents) {
      if (witnessed?.tabId !== tabId) continue
      presets.delete(preset)
      settled.add(preset)
    }
    this.onChanged.tell()
  }

  /** What is to be quiet on a site may be something else. */
  async refresh(origin: string): Promise<void> {
    this.#quiet.set(origin, await quietKeysOf(origin).catch(() => []))
    this.onChanged.tell()
  }

  /** A document is gone, or served no more. */
  forget(document: PageDocument): void {
    if (this.#documents.delete(document)) this.onChanged.tell()
  }

  /** @returns whether there is something new. */
  #note(document: PageDocument, presets: readonly string[]): boolean {
    const spotted = this.#documents.get(document) ?? { presets: new Set(), settled: new Set() }
    this.#documents.set(document, spotted)
    const before = spotted.presets.size
    for (const preset of presets) if (!spotted.settled.has(preset)) spotted.presets.add(preset)
    return spotted.presets.size > before
  }

  /** Null: the host tells no marks, since its vault is locked, say. The next call asks again. */
  async #find(): Promise<KeyFinder | null> {
    this.#finder ??= this.#commands.send({ name: 'key-marks' }).then(finderOf)
    const finder = this.#finder
    return await finder.catch(() => {
      if (this.#finder === finder) this.#finder = null
      return null
    })
  }
}

/** Where services take keys: in headers with such names, and in the query. */
function textsOf({ headers, url }: AskedCall['ask']): string[] {
  const values = headers.flatMap(([name, value]) => (KEYED.test(name) ? value : []))
  const query = url.includes('?') ? [...(URL.parse(url)?.searchParams.values() ?? [])] : []
  let room = MOST_TEXT
  return [...values, ...query].filter((text) => {
    const fits = text !== '' && text.length <= room
    room -= fits ? text.length : 0
    return fits
  })
}
