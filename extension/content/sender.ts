import type { Sender } from '../../shared/protocol/call-frames.ts'

/**
 * What the browser would say of itself in a call of this document. Asked here and at each call: a private window, the
 * developer tools and protection against fingerprints change it for some documents and not for the extension's own, and the
 * owner may change it while they are open. The page's script cannot reach this world's `navigator`.
 */
export const senderHere = (): Sender => ({
  languages: `${navigator.languages}`,
  agent: navigator.userAgent,
  // Only Firefox and its relatives have such errors.
  isGecko: 'InternalError' in globalThis,
})
