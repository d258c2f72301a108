import { Sought } from '../../native-host/broker/redact.ts'

/** Secrets to look for, each of them also in pieces. */
export function soughtOf(...secrets: (string | Uint8Array)[]): Sought {
  return new Sought(secrets.map((secret) => ({ bytes: Buffer.from(secret), pieces: true })))
}

/** Texts to look for as a whole only. */
export function wholeOf(...texts: (string | Uint8Array)[]): Sought {
  return new Sought(texts.map((text) => ({ bytes: Buffer.from(text), pieces: false })))
}
