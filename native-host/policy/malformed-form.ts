/** Bytes that are not one unambiguous form. The message names the fault, never content. */
export class MalformedForm extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'MalformedForm'
  }
}
