/** Bytes that are not one unambiguous JSON text, or a pointer that leads nowhere. The message names the fault, never content. */
export class MalformedJson extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'MalformedJson'
  }
}
