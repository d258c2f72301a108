import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { openWith, sealWith, subkey } from './envelope.ts'

/**
 * How a data key goes from the process that holds it to one of the same user, over a local socket. Both sides prove
 * that they can read the token file; the key goes sealed under a key that only they can make. Every message has a fixed
 * length:
 *
 *   asker  → holder  greeting (8) ‖ asker's nonce (32)
 *   holder → asker   holder's nonce (32) ‖ holder's proof (32)
 *   asker  → holder  asker's proof (32)
 *   holder → asker   sealed data key (61), end
 */
const GREETING = Buffer.from('vkhold1\n')
const NONCE = 32
const PROOF = 32
const PLACE = 'holder'

/** Lengths of the four messages, bytes. */
export const HELLO_BYTES = GREETING.length + NONCE
export const CHALLENGE_BYTES = NONCE + PROOF
export const PROOF_BYTES = PROOF
export const ANSWER_BYTES = 1 + 12 + 32 + 16

function proof(token: Uint8Array, side: 'asker' | 'holder', nonces: Uint8Array): Uint8Array {
  return createHmac('sha256', token).update(side).update(nonces).digest()
}

/** The asking side, one message at a time. */
export class Asker {
  readonly #token: Uint8Array
  readonly #nonce = randomBytes(NONCE)
  #nonces: Uint8Array = this.#nonce

  constructor(token: Uint8Array) {
    this.#token = token
  }

  hello(): Uint8Array {
    return Buffer.concat([GREETING, this.#nonce])
  }

  /** Our proof, or null where the holder could not prove that it wrote the token. */
  prove(challenge: Uint8Array): Uint8Array | null {
    this.#nonces = Buffer.concat([this.#nonce, challenge.subarray(0, NONCE)])
    const theirs = challenge.subarray(NONCE)
    if (!timingSafeEqual(theirs, proof(this.#token, 'holder', this.#nonces))) return null
    return proof(this.#token, 'asker', this.#nonces)
  }

  /** The data key, or null where the answer is not genuine. */
  read(answer: Uint8Array): Uint8Array | null {
    return openWith(subkey(this.#token, this.#nonces, PLACE), PLACE, answer)
  }
}

/** The holding side, one message at a time. */
export class Holder {
  readonly #token: Uint8Array
  readonly #nonce = randomBytes(NONCE)
  #nonces: Uint8Array = this.#nonce

  constructor(token: Uint8Array) {
    this.#token = token
  }

  /** Our challenge, or null for anything but a greeting. */
  challenge(hello: Uint8Array): Uint8Array | null {
    if (Buffer.compare(hello.subarray(0, GREETING.length), GREETING) !== 0) return null
    this.#nonces = Buffer.concat([hello.subarray(GREETING.length), this.#nonce])
    return Buffer.concat([this.#nonce, proof(this.#token, 'holder', this.#nonces)])
  }

  /** True where the asker can read the token. */
  accepts(theirs: Uint8Array): boolean {
    return timingSafeEqual(theirs, proof(this.#token, 'asker', this.#nonces))
  }

  answer(dataKey: Uint8Array): Uint8Array {
    return sealWith(subkey(this.#token, this.#nonces, PLACE), PLACE, dataKey)
  }
}
