/**
 * Why a secret could not be fetched from where it lives: the owner's truth. Append only, because audit records keep these
 * words. None says what the reference holds or what the program or server said.
 */
export const FAULTS = {
  'reference-unattended':
    'This host was started before any key lived elsewhere: lock the vault and unlock it once.',
  'reference-unregistered':
    'This reference was not entered on this machine by its owner: enter it again with `service rotate`.',
  'reference-no-helper': 'The secret that is needed for fetching it is not stored.',
  'reference-timeout': 'The program or server that has the key did not answer in time.',
  'reference-program-missing': 'The program that has the key is not there.',
  'reference-program-unsafe':
    'The program that has the key, or a folder it is in, belongs to another user or can be changed by others.',
  'reference-program-failed': 'The program that has the key ended with an error.',
  'reference-too-long': 'What was fetched is too long for a key.',
  'reference-empty': 'Nothing was fetched.',
  'reference-field-missing': 'What was fetched has no such field.',
  'reference-unusable': 'What was fetched is no key that this service can be sent.',
  'reference-file-missing': 'The file with the key is not there.',
  'reference-file-unsafe':
    'The file with the key is a link, belongs to another user or can be read by others (`chmod 600` mends that).',
  'reference-keychain-failed': 'The keychain of this system cannot be used or has no such entry.',
  'reference-store-unreachable': 'The server that has the key could not be reached.',
  'reference-store-denied': 'The server that has the key refused its token.',
  'reference-store-missing': 'The server has no secret at that path.',
  'reference-store-deleted': 'The secret at that path of the server was deleted.',
  'reference-store-sealed': 'The server that has the key is sealed.',
  'reference-store-failed': 'The server that has the key answered with an error.',
  'reference-store-untrusted':
    'The certificate of the server that has the key is out of date, for another name or of an authority that is not believed: a private authority’s own certificate goes into `ca`.',
} as const

/** One of the closed set of faults. */
export type FaultReason = keyof typeof FAULTS

/** A secret that could not be fetched. */
export class ReferenceFault extends Error {
  override name = 'ReferenceFault'
  readonly reason: FaultReason

  constructor(reason: FaultReason) {
    super(FAULTS[reason])
    this.reason = reason
  }
}

/** True for a text that names a fault. */
export function isFault(text: string): text is FaultReason {
  return Object.hasOwn(FAULTS, text)
}
