import { X509Certificate } from 'node:crypto'
import { type Sentence, say } from '../../shared/model/said.ts'
import { MAX_CA_CHARACTERS } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'

/** Most certificates one service may pin. */
const MAX_CERTIFICATES = 16
const BLOCK = /-----BEGIN ([^-\n]*)-----[^-]*-----END ([^-\n]*)-----/g

/** What the owner is shown of a pinned certificate. */
export interface PinnedCertificate {
  readonly subject: string
  /** SHA-256 of the whole certificate, as `openssl x509 -fingerprint -sha256` shows it. */
  readonly fingerprint: string
  /** Its last moment, as OpenSSL writes it. */
  readonly validTo: string
}

/**
 * The certificates of a PEM file, in order and nothing else of it: what `Service.ca` holds. Lines between the
 * certificates, such as the names in a bundle, are dropped.
 *
 * @throws Refusal `invalid` where there is none, one cannot be read, or something else stands there as well: what a
 *   file with a private key in it says is not repeated.
 */
export function certificatesOf(text: string): string {
  if (text.length > MAX_CA_CHARACTERS)
    throw invalid(say`the certificates are longer than ${MAX_CA_CHARACTERS} characters`)
  const blocks = text.match(BLOCK) ?? []
  const rest = text.replace(BLOCK, '')
  if (rest.includes('-----')) throw invalid('the file holds something that is not a whole PEM block')
  if (blocks.some((block) => !/^-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----$/.test(block)))
    throw invalid('the file holds something besides certificates')
  if (blocks.length === 0) throw invalid('the file holds no PEM certificate (`-----BEGIN CERTIFICATE-----`)')
  if (blocks.length > MAX_CERTIFICATES) throw invalid(say`more than ${MAX_CERTIFICATES} certificates`)
  return blocks.map((block) => parsed(block).toString()).join('')
}

/** What a service pins, to be shown. @throws Refusal `invalid` as {@link certificatesOf}. */
export function pinnedCertificates(ca: string): PinnedCertificate[] {
  return (certificatesOf(ca).match(BLOCK) ?? []).map((block) => {
    const { subject, fingerprint256, validTo } = parsed(block)
    return { subject: subject.replaceAll('\n', ', '), fingerprint: fingerprint256, validTo }
  })
}

function parsed(block: string): X509Certificate {
  try {
    return new X509Certificate(block)
  } catch {
    throw invalid('a certificate in the file cannot be read')
  }
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
