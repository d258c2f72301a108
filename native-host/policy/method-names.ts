/** Names with which some servers replace the method (Rails, Symfony, Google APIs), in a query as in a form. */
const METHOD_NAMES = /^(?:_method|\$?http_?method|x-http-method(?:-override)?|x-method-override)$/i

/** True for the name, decoded, of a parameter or field that could replace the method. */
export function replacesMethod(name: string): boolean {
  return METHOD_NAMES.test(name.trim())
}
