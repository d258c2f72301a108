import type { Auth } from '../../shared/model/service.ts'
import { Problem } from '../problem.ts'
import { asSent, headerFault, withHeader } from './header-value.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type HeaderAuth = Extract<Auth, { kind: 'header' }>

/** Headers of the service's own naming, such as `x-api-key: {}`; several where it wants a pair. */
export const header: Scheme<HeaderAuth> = {
  kind: 'header',
  secretNames: (auth) => [...new Set(auth.headers.map(({ secret }) => secret))],
  fault: headerFault,
  flaw({ headers }) {
    const names = headers.map(({ name }) => name.toLowerCase())
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) return `the header \`${twice}\` is there twice`
    const odd = headers.find(
      ({ format }) => format.split('{}').length !== 2 || headerFault(format.replace('{}', 'x')) !== null,
    )
    return odd === undefined
      ? null
      : `the format of \`${odd.name}\` holds \`{}\` once, where the secret goes, and no space at its ends`
  },
  apply(outbound, auth, secrets) {
    const written = auth.headers.reduce((request, { name, format, secret }) => {
      const text = secretText(secrets, secret, headerFault)
      return withHeader(request, name, formatted(format, text))
    }, outbound)
    const names = header.secretNames(auth)
    return {
      outbound: written,
      derived: names.flatMap((name) => asSent(secretText(secrets, name, headerFault))),
    }
  },
}

function formatted(format: string, secret: string): string {
  // SECURITY: a format without a place for the secret would send the call without its credential.
  if (!format.includes('{}')) throw new Problem('internal', 'format-without-secret')
  // Not `replace` with a string: a secret with `$&` in it would be read as a replacement pattern.
  const value = format.split('{}').join(secret)
  if (headerFault(value) !== null) throw new Problem('internal', 'secret-unsendable')
  return value
}
