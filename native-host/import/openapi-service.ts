import type { Auth } from '../../shared/model/service.ts'
import type { ApiDescription } from './openapi-document.ts'

/** Members of a JSON body that are keys where no other way to give one is described. */
const BODY_KEYS = ['key', 'api_key', 'apikey', 'token']

/**
 * The base URL a description names: its first server that is a whole web address, with the defaults of its variables.
 *
 * @returns null where it names none: the owner must.
 */
export function baseUrlOf({ servers }: ApiDescription): string | null {
  for (const { url, variables } of servers) {
    const filled = url.replace(/\{([^{}]*)\}/g, (whole, name: string) => variables[name] || whole)
    const parsed = URL.parse(filled)
    if (parsed !== null && /^https?:$/.test(parsed.protocol) && !filled.includes('{'))
      return (parsed.origin + parsed.pathname).replace(/\/+$/, '')
  }
  return null
}

/**
 * How the API takes its credential, by what its description says: the scheme asked for of every operation, else the first one
 * that can be served with a stored secret.
 *
 * @returns null where nothing is said.
 */
export function authOf(api: ApiDescription): Auth | null {
  const names = [...api.security, ...Object.keys(api.securitySchemes)]
  for (const name of names) {
    const scheme = Object.hasOwn(api.securitySchemes, name) ? api.securitySchemes[name] : undefined
    const auth = scheme === undefined ? null : authOfScheme(scheme)
    if (auth !== null) return auth
  }
  return bodyKey(api)
}

function authOfScheme(scheme: Record<string, unknown>): Auth | null {
  const name = typeof scheme.name === 'string' ? scheme.name : ''
  const kind = `${String(scheme.type)} ${String(scheme.type === 'http' ? scheme.scheme : (scheme.in ?? ''))}`
    .trim()
    .toLowerCase()
  switch (kind) {
    case 'http bearer':
    case 'oauth2':
    case 'openidconnect':
      return { kind: 'bearer', secret: 'token' }
    case 'apikey header':
      return name === '' ? null : headerAuth(name.toLowerCase())
    case 'apikey query':
      return name === '' ? null : { kind: 'query', param: name, secret: 'value' }
    case 'apikey cookie':
      return name === '' ? null : { kind: 'cookie', cookie: name, secret: 'value' }
    default:
      return null
  }
}

function headerAuth(name: string): Auth {
  return { kind: 'header', headers: [{ name, format: '{}', secret: 'value' }] }
}

/** A member of most JSON bodies that is called as keys are. */
function bodyKey({ operations }: ApiDescription): Auth | null {
  const bodies = operations.filter(({ bodyMembers }) => bodyMembers.length > 0)
  const found = BODY_KEYS.find(
    (name) =>
      bodies.length > 0 &&
      bodies.filter(({ bodyMembers }) => bodyMembers.includes(name)).length * 2 > bodies.length,
  )
  return found === undefined ? null : { kind: 'json-field', pointer: `/${found}`, secret: 'value' }
}
