/** Codes a command may be refused with. Append only. */
export const REFUSALS = [
  'malformed',
  'vault-missing',
  'vault-exists',
  'vault-locked',
  'wrong-passphrase',
  'weak-passphrase',
  'exists',
  'unknown',
  'in-use',
  'invalid',
  'secret-missing',
  'store-damaged',
  'store-newer',
  'disk-full',
  'internal',
  'host-missing',
  'host-forbidden',
  'host-mismatch',
  'host-exited',
  'rolled-back',
  'permission-withdrawn',
  'too-large',
] as const
/** One of the closed set of refusals. */
export type RefusalCode = (typeof REFUSALS)[number]
