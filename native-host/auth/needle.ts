/** Bytes that must not come back in a response. */
export interface Needle {
  readonly bytes: Uint8Array
  /**
   * True: every long run of it counts (`pieceOf` in `broker/reflections.ts`). False: only the whole, for texts that are in
   * part no secret, such as a user name that the service may well mention.
   */
  readonly pieces: boolean
}
