/** A name that the owner gives a service or a capability: lower-case words joined by hyphens, at most 64 characters. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/
