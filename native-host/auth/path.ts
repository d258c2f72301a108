import type { Auth } from '../../shared/model/service.ts'
import { withPathPrefix } from '../policy/path-secret.ts'
import { isSafePath } from '../policy/safe-path.ts'
import { Problem } from '../problem.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type PathAuth = Extract<Auth, { kind: 'path' }>

/** What may stand in a path as it is (RFC 3986 section 3.3), without `;`, which servers cut at. A slash parts segments. */
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,=:@/]$/

/** Whole segments of such characters, the place of the secret among them. */
const TEMPLATE = /^(?:\/[A-Za-z0-9\-._~!$&'()*+,=:@{}]+)+$/

/** A prefix of the path, such as `/bot{}`, between the base URL and what the page asked for. */
export const path: Scheme<PathAuth> = {
  kind: 'path',
  secretNames: (auth) => [auth.secret],
  fault: (text) =>
    isSafePath(`/${encoded(text)}/x`) ? null : 'cannot stand in a path without being read in two ways',
  flaw({ template }) {
    if (template.split('{}').length !== 2)
      return 'the template holds `{}` once, where the secret goes, as in `/k/{}`'
    if (!TEMPLATE.test(template) || !isSafePath(template.replace('{}', 'x')))
      return `the template \`${template}\` must be the beginning of a path: a slash first and none last`
    return null
  },
  apply(outbound, auth, secrets, { basePath }) {
    const secret = encoded(secretText(secrets, auth.secret, path.fault))
    const { origin } = new URL(outbound.url)
    const [before = '', ...query] = outbound.url.slice(origin.length).split('?')
    const whole = withPathPrefix(before, basePath, auth.template.split('{}').join(secret))
    // SECURITY: a path that a server reads otherwise would take the call, with its key, elsewhere.
    if (!before.startsWith(basePath) || !isSafePath(whole)) throw new Problem('internal', 'path-unsafe')
    return { outbound: { ...outbound, url: [origin + whole, ...query].join('?') }, derived: [] }
  },
}

function encoded(text: string): string {
  return [...text.toWellFormed()]
    .map((character) => (PLAIN.test(character) ? character : encodeURIComponent(character)))
    .join('')
}
