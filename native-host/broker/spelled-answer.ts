/**
 * What the looks at one place answer: 0, where the chunk ends too early to tell or the steps of `Spelled` have to; else a
 * value and, from this bit on, how many bytes it takes.
 */
export const LENGTH = 22
/** A value up to this is a byte; a higher one, but for {@link NO_SYMBOL}, the code point of that much less. */
export const BYTES = 0x100
/** The value where it takes bytes and is no symbol. */
export const NO_SYMBOL = 0x3fffff
