import { spawnSync } from 'node:child_process'
import forge from 'node-forge'
import type { ServerCertificate } from './certificates.ts'

/** How a PKCS #12 file is sealed: as OpenSSL and others do now, or as older programs did and OpenSSL reads no more. */
export type Pkcs12Style = 'aes256' | '3des'

/** A PKCS #12 file, made with node-forge. */
export function pkcs12Of(own: ServerCertificate, passphrase: string, algorithm: Pkcs12Style): Buffer {
  const key = forge.pki.privateKeyFromPem(own.key)
  const chain = (own.cert.match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g) ?? []).map((pem) =>
    forge.pki.certificateFromPem(pem),
  )
  const file = forge.pkcs12.toPkcs12Asn1(key, chain, passphrase, { algorithm })
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1')
}

/** The same by the `openssl` of this machine, for keys of any kind; null where there is none. */
export function pkcs12ByOpenssl(own: ServerCertificate, passphrase: string): Buffer | null {
  const args = ['pkcs12', '-export', '-in', '/dev/stdin', '-passout', `pass:${passphrase}`]
  const ran = spawnSync('openssl', args, { input: `${own.key}\n${own.cert}` })
  return ran.status === 0 ? ran.stdout : null
}
