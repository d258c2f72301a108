import { inspect } from 'node:util'

/**
 * Bytes of a credential in memory. Whatever prints, serialises or interpolates it gets `[redacted]`; only
 * `reveal` gives the bytes, and only `auth/` and redaction call it.
 */
export class Secret {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The bytes themselves, not a copy. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  // SECURITY: these three keep a secret out of messages, logs and JSON when a developer slips.
  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}
