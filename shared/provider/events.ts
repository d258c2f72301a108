/** How a page finds the provider, and what it may order. No imports: the scripts of pages bundle this file alone. */

/** On window, from a page: whoever provides keys, say so. */
export const REQUEST_PROVIDER = 'valetkey:request-provider'

/** On window, a `CustomEvent` whose frozen `detail` is a `ProviderDetail`: once at the start, and for each request. */
export const ANNOUNCE_PROVIDER = 'valetkey:announce-provider'

/** What a page may order of the provider. */
export const PROVIDER_ORDERS = ['availability', 'request', 'sessions', 'release'] as const
export type ProviderOrder = (typeof PROVIDER_ORDERS)[number]

/** Longest name or address of a service, name of a capability, and reason, in characters. */
export const MAX_SERVICE = 500
export const MAX_CAPABILITY = 64
export const MAX_REASON = 300
