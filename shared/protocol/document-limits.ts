/** Longest document as it travels, in characters of base64: half of what a frame to the host may hold. Real ones shrink to a tenth. */
export const MAX_PACKED_DOCUMENT = 2_000_000

/**
 * Largest OpenAPI document that a running host reads, in bytes of UTF-8. It reads nothing else meanwhile: 8 MB of JSON take
 * it about two seconds. The command line takes 32 MiB, in a process of its own.
 */
export const MAX_JSON_DOCUMENT = 8_000_000

/** The same for YAML, which takes three times as long and 80 times its size in memory. */
export const MAX_YAML_DOCUMENT = 3_000_000
