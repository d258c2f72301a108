/** HMAC-SHA-256 of what is fed to it. */
export interface Digester {
  update(bytes: Uint8Array): void
  /** The digest in hex. Ends it. */
  hex(): string
}

/**
 * What an unlocked vault can do: seal and open records, index names, extend the audit chain. The data key itself
 * stays inside. Made by `vault/envelope.ts`.
 */
export interface VaultKeys {
  /**
   * Seal bytes for one place (AES-256-GCM, random 12-byte nonce, 16-byte tag; NIST SP 800-38D).
   *
   * @param place names the record, e.g. `service:<row id>:<version>`; authenticated, not stored.
   * @returns version ‖ nonce ‖ ciphertext ‖ tag, see `vault/envelope.ts`.
   */
  seal(place: string, plain: Uint8Array): Uint8Array
  /** Open what `seal` made for the same place. @throws Refusal `store-damaged` for anything else. */
  open(place: string, sealed: Uint8Array): Uint8Array
  /** Keyed hash (HMAC-SHA-256) of a name within a kind, for lookups in columns that must not show the name. */
  index(kind: string, name: string): Uint8Array
  /** HMAC-SHA-256 under the chain key. */
  chain(message: Uint8Array): Uint8Array
  /** The same as text, a character a byte (latin1): for whoever makes very many, to be compared and not kept. */
  chainText(message: Uint8Array): string
  /** A keyed digest to feed with bytes that are too private for the log: equal bytes give equal digests of one vault. */
  digest(): Digester
  /** Ed25519 signature (RFC 8032, 64 bytes) under the vault's own audit key, for whoever has no key of the vault. */
  sign(message: Uint8Array): Uint8Array
  /** The public half of the audit key, 32 bytes. The same for the life of the vault. */
  publicKey(): Uint8Array
  /** The raw data key, for `vault/slots.ts` (wrapping it) and `vault/keyholder.ts` only. */
  exportKey(): Uint8Array
}
