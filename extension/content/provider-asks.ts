import type { ProviderAsk, ProviderFrame } from '../../shared/protocol/provider-frames.ts'
import { MAX_CAPABILITY, MAX_REASON, MAX_SERVICE, PROVIDER_ORDERS } from '../../shared/provider/events.ts'
import type { ProviderErrorCode } from '../../shared/provider/types.ts'

/** Orders of the provider that one document may have open at once. */
const MOST_OPEN = 8

const LONGEST = { service: MAX_SERVICE, capability: MAX_CAPABILITY, reason: MAX_REASON } as const
type Field = keyof typeof LONGEST

/** True for a frame of the provider's, whole or not. */
export const isProviderFrame = (value: unknown): value is Record<string, unknown> =>
  (value as { type?: unknown } | null)?.type === 'provider'

/** The orders of the provider that this document's page waits for: checked, counted and stamped with what the browser sees. */
export class ProviderAsks {
  readonly #open = new Set<number>()

  /** Read an order of the page's. @returns what goes to background/, or why it does not. */
  read(frame: Record<string, unknown>, id: number): ProviderAsk | ProviderErrorCode {
    const order = PROVIDER_ORDERS.find((name) => name === frame.order)
    const wish = wishOf(frame.wish)
    if (order === undefined || wish === null || this.#open.has(id)) return 'malformed'
    if (this.#open.size >= MOST_OPEN) return 'busy'
    this.#open.add(id)
    return { type: 'provider', id, order, active: isActive(), ...wish }
  }

  /** Note a frame on its way down. False: nobody waits for it. */
  deliver({ id }: ProviderFrame): boolean {
    return id === 0 || this.#open.delete(id)
  }

  /** Nothing more will come: the frames that say so. */
  failAll(): ProviderFrame[] {
    const ids = [...this.#open]
    this.#open.clear()
    return ids.map((id) => ({ type: 'provided', id, code: 'no-host' }))
  }
}

/**
 * Whether the user has just used the page, and sees it. SECURITY: asked here, in the world no page reaches into: what the page
 * itself says of it is not heard (HTML standard, "transient activation").
 */
const isActive = (): boolean => navigator.userActivation.isActive && document.visibilityState === 'visible'

/** Texts of a wish that are no longer than they may be; null where one is none or too long, absent ones left out. */
function wishOf(value: unknown): Partial<Record<Field, string>> | null {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null) return null
  const wish: Partial<Record<Field, string>> = {}
  for (const name of Object.keys(LONGEST) as Field[]) {
    const text = (value as Partial<Record<Field, unknown>>)[name]
    if (text === undefined) continue
    if (typeof text !== 'string' || text.length > LONGEST[name]) return null
    wish[name] = text
  }
  return wish
}
