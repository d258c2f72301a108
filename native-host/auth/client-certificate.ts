import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type forgeModule from 'node-forge'
import { privateKeyOf } from './signing-key.ts'

/** A certificate that a client proves itself with, and its key, both PEM; the chain follows the certificate. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
  /** First and last moment, milliseconds since the epoch. */
  readonly validFrom: number
  readonly validTo: number
}

/** A certificate, or what is wrong as a sentence without its full stop. */
export type ReadCertificate = { readonly certificate: ClientCertificate } | { readonly fault: string }

type Forge = typeof forgeModule

let forge: Forge | null = null

/** Load what reads PKCS #12, which takes some time: a host that meets no such file starts without it. */
export async function loadPkcs12(): Promise<void> {
  forge ??= (await import('node-forge')).default
}

/** Read PEM texts. @param passphrase of the key; null: it has none. */
export function fromPem(certificates: string, key: string, passphrase: string | null): ReadCertificate {
  const own = privateKeyOf(key, passphrase ?? undefined)
  if (own === null) {
    if (!key.includes('PRIVATE KEY-----')) return { fault: 'the private key is no private key in PEM form' }
    return { fault: 'the private key cannot be read, or its passphrase is wrong or missing' }
  }
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  return together(own, blocks)
}

const read = new Map<string, ReadCertificate>()
/** Files kept read: parsing takes some ten milliseconds, and calls come by the hundred. */
const MOST_READ = 16

/** Read a PKCS #12 file (RFC 7292). `loadPkcs12` first. @param passphrase null: it has none. */
export function fromPkcs12(bytes: Uint8Array, passphrase: string | null): ReadCertificate {
  const name = createHash('sha256')
    .update(`${passphrase === null ? '-' : `+${passphrase.length}:${passphrase}`}:`)
    .update(bytes)
    .digest('hex')
  const known = read.get(name)
  if (known !== undefined) return known
  const fresh = readPkcs12(bytes, passphrase)
  const [oldest] = read.keys()
  if (read.size >= MOST_READ && oldest !== undefined) read.delete(oldest)
  read.set(name, fresh)
  return fresh
}

function readPkcs12(bytes: Uint8Array, passphrase: string | null): ReadCertificate {
  if (forge === null) throw new Error('`loadPkcs12` comes first')
  let content: forgeModule.asn1.Asn1
  try {
    content = forge.asn1.fromDer(Buffer.from(bytes).toString('latin1'))
  } catch {
    return { fault: 'the file is no PKCS #12 file' }
  }
  // Without a passphrase some programs write an empty one, and others none at all.
  for (const tried of passphrase === null ? ['', undefined] : [passphrase]) {
    const file = opened(forge, content, tried)
    if (file !== null) return ofFile(forge, file)
  }
  return { fault: 'the file is no PKCS #12 file, or its passphrase is wrong or missing' }
}

type Pkcs12 = forgeModule.pkcs12.Pkcs12Pfx

function opened(forge: Forge, content: forgeModule.asn1.Asn1, passphrase: string | undefined): Pkcs12 | null {
  try {
    return passphrase === undefined
      ? forge.pkcs12.pkcs12FromAsn1(content, false)
      : forge.pkcs12.pkcs12FromAsn1(content, false, passphrase)
  } catch {
    return null
  }
}

function ofFile(forge: Forge, file: Pkcs12): ReadCertificate {
  const { certBag = '', keyBag = '', pkcs8ShroudedKeyBag = '' } = forge.pki.oids
  const bagsOf = (type: string) => file.getBags({ bagType: type })[type] ?? []
  const keys = [...bagsOf(keyBag), ...bagsOf(pkcs8ShroudedKeyBag)].flatMap((bag) => keyOf(forge, bag) ?? [])
  const [key] = keys
  if (key === undefined || keys.length > 1)
    return { fault: `the file holds ${keys.length === 0 ? 'no private key' : 'more than one private key'}` }
  return together(
    key,
    bagsOf(certBag).map((bag) => certificateText(forge, bag)),
  )
}

type Bag = forgeModule.pkcs12.Bag

// What forge has no type for, such as keys on curves, it leaves as it stands.
function keyOf(forge: Forge, bag: Bag): KeyObject | null {
  if (bag.key) return privateKeyOf(forge.pki.privateKeyToPem(bag.key))
  try {
    return createPrivateKey({ key: derOf(forge, bag.asn1), format: 'der', type: 'pkcs8' })
  } catch {
    return null
  }
}

function certificateText(forge: Forge, bag: Bag): string {
  if (bag.cert) return forge.pki.certificateToPem(bag.cert)
  const base64 = derOf(forge, bag.asn1).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`
}

function derOf(forge: Forge, asn1: forgeModule.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1')
}

/** The key with its own certificate first and the others behind it. */
function together(key: KeyObject, blocks: readonly string[]): ReadCertificate {
  const certificates = blocks.map(parsed)
  if (certificates.length === 0) return { fault: 'there is no certificate beside the private key' }
  if (certificates.includes(null)) return { fault: 'a certificate cannot be read' }
  const all = certificates.flatMap((each) => each ?? [])
  const own = all.find((each) => each.checkPrivateKey(key))
  if (own === undefined) return { fault: 'the certificate does not belong to the private key' }
  const chain = [own, ...all.filter((each) => each !== own)].map((each) => each.toString()).join('')
  const certificate = {
    cert: chain,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    validFrom: own.validFromDate.getTime(),
    validTo: own.validToDate.getTime(),
  }
  return { certificate }
}

function parsed(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block)
  } catch {
    return null
  }
}
