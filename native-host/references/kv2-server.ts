import type { ReferenceOf } from '../../shared/model/reference.ts'
import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { certificatesOf } from '../policy/certificates.ts'
import { checkBaseUrl, checkLocalAddress } from '../policy/validate-base-url.ts'
import { Refusal } from '../refusal.ts'

type Kv2 = ReferenceOf<'vault-kv2'>

/** Hosts of this machine: RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
const LOOPBACK = /^(127(\.[0-9]+){3}|::1)$/

/** The server of a reference as what `upstream/` guards connections by. */
export function serverOf(reference: Kv2): Service {
  return {
    id: 'reference',
    label: 'reference',
    preset: null,
    baseUrls: [reference.address.replace(/\/+$/, '')],
    local: localOf(reference),
    ca: reference.ca ?? null,
    auth: [{ paths: ['* /**'], auth: { kind: 'none' } }],
    strip: { headers: [], query: [], jsonFields: [] },
    requiredHeaders: {},
    allowHeaders: [],
    denyAlways: [],
    credentialMinting: [],
    placeholder: 'none',
  }
}

/** A loopback address is local by itself; any other private one is what the owner says with `ip`. */
function localOf({ address, ip }: Kv2): Service['local'] {
  if (ip !== undefined) return { address: ip }
  return LOOPBACK.test(hostOf(address)) ? { address: null } : null
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname.replace(/^\[(.*)\]$/, '$1') ?? ''
}

/** Refuse a reference to a server that could not be asked safely. @throws Refusal `invalid`. */
export function checkKv2(reference: Kv2): void {
  const server = serverOf(reference)
  const [address = ''] = server.baseUrls
  if (reference.ip !== undefined) checkLocalAddress(reference.ip)
  checkBaseUrl(address, server.local)
  // SECURITY: its token and the key would go over a network in clear.
  const reached = reference.ip ?? hostOf(address)
  if (address.startsWith('http:') && !LOOPBACK.test(reached))
    throw new Refusal('invalid', say`\`${address}\` would send its token unencrypted: use https`)
  for (const [name, path] of Object.entries({ mount: reference.mount, path: reference.path })) {
    if (path.split('/').some((segment) => ['', '.', '..'].includes(segment)))
      throw new Refusal('invalid', say`the ${name} of the reference has an empty segment, \`.\` or \`..\``)
  }
  if (reference.ca !== undefined) certificatesOf(reference.ca)
}
