import type { Auth } from '../../shared/model/service.ts'
import { Problem } from '../problem.ts'
import {
  type ClientCertificate,
  fromPem,
  fromPkcs12,
  loadPkcs12,
  type ReadCertificate,
} from './client-certificate.ts'
import type { Scheme, Secrets } from './scheme.ts'
import { storedText } from './secret-text.ts'

type Mtls = Extract<Auth, { kind: 'mtls' }>

/** A certificate that the connection itself is made with (RFC 8446 section 4.4.2); nothing is added to the request. */
export const mtls: Scheme<Mtls> = {
  kind: 'mtls',
  secretNames: () => [],
  keptHere: (auth) => [auth.pkcs12, auth.certificate, auth.privateKey, auth.passphrase],
  replacedTogether: true,
  ready: loadPkcs12,
  fault: () => null,
  flaw: (_auth, { baseUrls }) =>
    baseUrls.every((url) => url.startsWith('https://'))
      ? null
      : 'a client certificate goes with addresses that start with `https://`',
  misfit(auth, secrets, now) {
    const read = certificateOf(auth, secrets)
    if ('fault' in read) return `the client certificate cannot be used: ${read.fault}`
    return now === null ? null : timeFault(read.certificate, now)
  },
  apply(outbound, auth, secrets, { now }) {
    const read = certificateOf(auth, secrets)
    // SECURITY: never a call without its certificate: a server may answer everybody, to some less than to others.
    if ('fault' in read) throw new Problem('internal', 'secret-unsendable')
    if (timeFault(read.certificate, now) !== null)
      throw new Problem('credential-unavailable', 'certificate-expired')
    return { outbound: { ...outbound, client: read.certificate }, derived: [] }
  },
}

function certificateOf(auth: Mtls, secrets: Secrets): ReadCertificate {
  const file = secrets.get(auth.pkcs12)?.reveal()
  const certificate = storedText(secrets, auth.certificate)
  const key = storedText(secrets, auth.privateKey)
  const passphrase = storedText(secrets, auth.passphrase)
  if (file !== undefined && certificate === null && key === null) return fromPkcs12(file, passphrase)
  if (file === undefined && certificate !== null && key !== null) return fromPem(certificate, key, passphrase)
  return {
    fault: `give \`${auth.pkcs12}\`, or \`${auth.certificate}\` and \`${auth.privateKey}\`, each with its \`${auth.passphrase}\` where it has one`,
  }
}

function timeFault({ validFrom, validTo }: ClientCertificate, now: number): string | null {
  if (now > validTo) return `the client certificate has expired (${new Date(validTo).toISOString()})`
  return now < validFrom
    ? `the client certificate is not valid yet (${new Date(validFrom).toISOString()})`
    : null
}
