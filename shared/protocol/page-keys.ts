import * as z from 'zod/mini'
import { NameSchema, OriginSchema } from '../model/names.ts'
import { MAX_KEY } from '../presets/clean-key.ts'
import { MAX_PLACE_NAME } from './limits.ts'
import type { ServiceSummary } from './service-commands.ts'

/**
 * Real keys that a page with a grant holds itself, and the way of one into the vault. Who looks gets told what and where,
 * never the key; that is read in the page when its owner has said so, and goes to the host and nowhere else.
 */

/** What keys of a service look like. */
export interface KeyMark {
  /** Of the catalogue. */
  preset: string
  /** What such a key is called: `project key`. */
  name: string
  /** The text it begins with. Never empty. */
  prefix: string
  /** Regular expression for all that follows. */
  rest: string
}

/**
 * Where a key was seen. `local`, `session`: in an entry of that storage; `indexed`: in a record of IndexedDB; `cookie`: in a
 * cookie that scripts may read; `call`: in a header of a call that was caught; `address`: in the query of a call. The name is
 * the page's own: of the entry, database and store, the cookie, the header, the parameter.
 */
const KeyPlaceSchema = z.strictObject({
  kind: z.enum(['local', 'session', 'indexed', 'cookie', 'call', 'address']),
  name: z.string().check(z.maxLength(MAX_PLACE_NAME)),
})
export type KeyPlace = z.infer<typeof KeyPlaceSchema>

/** A key that a page holds. */
export interface PageKey extends Pick<KeyMark, 'preset' | 'name'> {
  /** What the look called it: stays the same as long as this document holds it, and is no other's. Says nothing of the key. */
  id: string
  /** At least one. The first of them is where it must be at an order. */
  places: KeyPlace[]
}

/** What a look found in one document. */
interface DocumentKeys {
  keys: PageKey[]
  /** False: the page holds more than is looked through. */
  whole: boolean
  /**
   * Origins that scripts of it called without us, at most `MAX_CALLED`. What such a call carried is not to be seen: the
   * browser's timeline has the address alone.
   */
  called: string[]
}

/** What a look found. */
export interface PageKeys extends DocumentKeys {
  /** Services of the catalogue whose keys the owner does not want to be told of on this site. */
  quiet: string[]
}

/** What a look found in one document, on its way to be put together with the others of the page. */
export interface KeysOfDocument extends DocumentKeys {
  /** For each key, in their order: the same text for the same key at this look. Null: the browser has no digests here. */
  same: (string | null)[]
}

/**
 * How far a look goes. `quick`: both storages, cookies and calls; `deep`: IndexedDB too; `aside`: what a frame has of its own,
 * cookies and calls.
 */
export type LookDepth = 'quick' | 'deep' | 'aside'

/** The host tells what to look for. */
export const KeyMarksSchema = z.strictObject({ name: z.literal('key-marks') })

/**
 * Store a key that was found at `origin` as that of a service of the catalogue: a new one, or in the place of the key that
 * `replace` has. Refused with `exists` where the vault has such a service and `replace` does not name it, with `invalid`
 * where it is no key of that service.
 */
export const KeyMoveSchema = z.strictObject({
  name: z.literal('key-move'),
  origin: OriginSchema,
  preset: NameSchema,
  key: z.string().check(z.minLength(1), z.maxLength(MAX_KEY)),
  replace: z.optional(NameSchema),
})

/**
 * Look for keys in what a tab shows, and in IndexedDB where it is `deep`, which may take its time. Answered with null where
 * `origin` has no grant there: nothing was looked at then.
 */
export const PageKeysSchema = z.strictObject({
  name: z.literal('page-keys'),
  tabId: z.int(),
  origin: OriginSchema,
  deep: z.optional(z.literal(true)),
})

/** Say nothing more of keys of a service on a site by itself, or do so again. Kept until the site has no grant any more. */
export const PageKeyQuietSchema = z.strictObject({
  name: z.literal('page-key-quiet'),
  origin: OriginSchema,
  preset: NameSchema,
  quiet: z.boolean(),
})
export type PageKeyQuiet = Omit<z.infer<typeof PageKeyQuietSchema>, 'name'>

/**
 * Take a key out of the page: `new` and `replace` store it first, `drop` keeps what `service` has. In the storage of the page
 * the placeholder of the service takes its place. Refused with `unknown` where the page does not hold the key called `id` at
 * that place any more, and where `drop` replaced nothing.
 */
export const PageKeyMoveSchema = z.strictObject({
  name: z.literal('page-key-move'),
  tabId: z.int(),
  origin: OriginSchema,
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  preset: NameSchema,
  place: KeyPlaceSchema,
  into: z.union([
    z.strictObject({ way: z.literal('new') }),
    z.strictObject({ way: z.enum(['replace', 'drop']), service: NameSchema }),
  ]),
})
export type PageKeyMove = z.infer<typeof PageKeyMoveSchema>
/** What an order says of the key it is for. */
export type ToldKey = Pick<PageKeyMove, 'id' | 'preset' | 'place'>

/** What became of the page's storage. */
export interface ReplacedInPage {
  /** Entries that hold the placeholder now. */
  replaced: number
  /** Entries that the browser let nobody write. */
  left: number
}

/** What became of a key. */
export interface PageKeyMoved extends ReplacedInPage {
  /** True: nothing was replaced where the key was stored, or the page was gone. It may still be there. */
  untouched: boolean
  service: ServiceSummary
}
