import type { Auth } from '../../shared/model/service.ts'

/** Where a scheme writes, so that whatever a page put there is taken out before. */
export interface Places {
  /** Lower-case names, each in every call of the scheme exactly once. */
  readonly headers: readonly string[]
  /** Lower-case names that a call may have or not, and never from the page. */
  readonly furtherHeaders: readonly string[]
  readonly query: readonly string[]
  /** RFC 6901 pointers. */
  readonly jsonFields: readonly string[]
  /** Names of fields of a form. */
  readonly formFields: readonly string[]
}

const NOWHERE: Places = { headers: [], furtherHeaders: [], query: [], jsonFields: [], formFields: [] }

/** The places of a scheme. Of `path` none: what it adds is cut off by `withoutPathSecret`. */
export function placesOf(auth: Auth): Places {
  switch (auth.kind) {
    case 'none':
    case 'path':
      return NOWHERE
    case 'bearer':
    case 'basic':
      return { ...NOWHERE, headers: ['authorization'] }
    case 'header':
      return { ...NOWHERE, headers: auth.headers.map(({ name }) => name.toLowerCase()) }
    case 'cookie':
      return { ...NOWHERE, headers: ['cookie'] }
    case 'query':
      return { ...NOWHERE, query: [auth.param] }
    case 'json-field':
      return { ...NOWHERE, jsonFields: [auth.pointer] }
    case 'form-field':
      return { ...NOWHERE, formFields: [auth.field] }
  }
}

/**
 * True where the scheme reads or writes the body, so that it must be held whole.
 */
export function readsBody(auth: Auth): boolean {
  return auth.kind === 'json-field' || auth.kind === 'form-field'
}
