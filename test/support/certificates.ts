import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

/** A key and the chain that goes with it, both PEM: what a TLS server is started with. */
export interface ServerCertificate {
  readonly key: string
  readonly cert: string
}

/** What a certificate says, beside the host it is for. */
export interface CertificateWishes {
  /** Days from now of its first and last day. Default: yesterday to in ten days. */
  readonly days?: readonly [from: number, to: number]
  /** Alternative names in place of the host's own; empty: none, so that the common name is all there is. */
  readonly names?: readonly string[]
  /** Signed with its own key. */
  readonly self?: boolean
  readonly digest?: 'sha256' | 'sha1' | 'md5'
  /** Bits of its RSA key; default 2048. */
  readonly bits?: number
  /** What its key is for; default: says nothing. */
  readonly purpose?: 'serverAuth' | 'clientAuth'
  /** May sign others. */
  readonly isAuthority?: boolean
  /** Names below which alone an authority may sign. */
  readonly permitted?: string
}

/** Who signs: the public ones are not among them. */
export interface Authority {
  /** Its own certificate, PEM. */
  readonly ca: string
  /** A certificate for a host name or an IPv4 address. The chain holds it alone. */
  issue(host: string, wishes?: CertificateWishes): ServerCertificate
  /** An authority that this one signed; its certificates come with it in their chain. */
  intermediate(name: string, wishes?: CertificateWishes): Authority
}

/** A new root authority. */
export function authority(name = 'Test Authority', days?: CertificateWishes['days']): Authority {
  const own = keyPair(2048)
  const cert = signed(
    name,
    own,
    { name, key: own.key },
    { isAuthority: true, names: [], ...(days && { days }) },
  )
  return signing({ name, key: own.key }, pemOf(cert), '')
}

interface Signer {
  readonly name: string
  readonly key: forge.pki.rsa.PrivateKey
}

function signing(signer: Signer, ca: string, chain: string): Authority {
  return {
    ca,
    issue(host, wishes = {}) {
      const own = keyPair(wishes.bits ?? 2048)
      const cert = signed(host, own, wishes.self ? { name: host, key: own.key } : signer, wishes)
      return { key: own.pem, cert: pemOf(cert) + chain }
    },
    intermediate(name, wishes = {}) {
      const own = keyPair(2048)
      const cert = pemOf(signed(name, own, signer, { isAuthority: true, names: [], ...wishes }))
      return signing({ name, key: own.key }, cert, cert + chain)
    },
  }
}

/** Making keys is slow, and no test asks whether two certificates share one. */
const POOL = new Map<string, ReturnType<typeof newKeyPair>>()
let turn = 0
function keyPair(bits: number): ReturnType<typeof newKeyPair> {
  turn = (turn + 1) % 6
  const place = `${bits} ${turn}`
  const pair = POOL.get(place) ?? newKeyPair(bits)
  POOL.set(place, pair)
  return pair
}

function newKeyPair(modulusLength: number) {
  const pair = generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    pem: pair.privateKey,
    key: forge.pki.privateKeyFromPem(pair.privateKey),
    public: forge.pki.publicKeyFromPem(pair.publicKey),
  }
}

let serial = 1
function signed(
  name: string,
  own: ReturnType<typeof newKeyPair>,
  signer: Signer,
  wishes: CertificateWishes,
): forge.pki.Certificate {
  const cert = forge.pki.createCertificate()
  const [from, to] = wishes.days ?? [-1, 10]
  cert.publicKey = own.public
  cert.serialNumber = String(serial++).padStart(4, '0')
  cert.validity.notBefore = new Date(Date.now() + from * 86_400_000)
  cert.validity.notAfter = new Date(Date.now() + to * 86_400_000)
  cert.setSubject([{ name: 'commonName', value: name }])
  cert.setIssuer([{ name: 'commonName', value: signer.name }])
  cert.setExtensions(extensionsOf(name, wishes))
  cert.sign(signer.key, forge.md[wishes.digest ?? 'sha256'].create())
  return cert
}

function extensionsOf(host: string, wishes: CertificateWishes): object[] {
  const names = wishes.names ?? [host]
  const altNames = names.map((value) =>
    /^[\d.]+$/.test(value) ? { type: 7, ip: value } : { type: 2, value },
  )
  return [
    ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
    ...(wishes.isAuthority ? [{ name: 'basicConstraints', cA: true, critical: true }] : []),
    ...(wishes.purpose ? [{ name: 'extKeyUsage', [wishes.purpose]: true }] : []),
    ...(wishes.permitted ? [{ id: '2.5.29.30', critical: true, value: constraint(wishes.permitted) }] : []),
  ]
}

/** RFC 5280 section 4.2.1.10: NameConstraints with one permitted DNS subtree. */
function constraint(domain: string): forge.asn1.Asn1 {
  const { Class, Type, create } = forge.asn1
  const base = create(Class.CONTEXT_SPECIFIC, 2 as forge.asn1.Type, false, domain)
  const subtree = create(Class.UNIVERSAL, Type.SEQUENCE, true, [base])
  const permitted = create(Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [subtree])
  return create(Class.UNIVERSAL, Type.SEQUENCE, true, [permitted])
}

function pemOf(cert: forge.pki.Certificate): string {
  return forge.pki.certificateToPem(cert).replaceAll('\r', '')
}
