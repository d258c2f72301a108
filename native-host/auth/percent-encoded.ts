/**
 * Text in which every byte but the unreserved characters of RFC 3986 section 2.3 is a percent triplet, in upper case.
 * (`encodeURIComponent` leaves five more as they are.)
 */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
