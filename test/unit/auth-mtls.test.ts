import { createPrivateKey, X509Certificate } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { fromPem, fromPkcs12, loadPkcs12 } from '../../native-host/auth/client-certificate.ts'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { Secret } from '../../native-host/vault/secret.ts'
import type { Auth } from '../../shared/model/service.ts'
import { authority } from '../support/certificates.ts'
import { pkcs12ByOpenssl, pkcs12Of } from '../support/pkcs12.ts'
import { outboundOf } from './auth-fixture.ts'

const ROOT = authority('Clients')
const OWN = ROOT.issue('client-1')
const AUTH = {
  kind: 'mtls',
  pkcs12: 'pkcs12',
  certificate: 'certificate',
  privateKey: 'private-key',
  passphrase: 'passphrase',
} as const satisfies Auth
const NOW = Date.now()

beforeAll(loadPkcs12)

const secretsOf = (secrets: Record<string, string | Uint8Array>) =>
  new Map(Object.entries(secrets).map(([name, value]) => [name, new Secret(Buffer.from(value))]))
const misfit = (secrets: Record<string, string | Uint8Array>, now: number | null = NOW) =>
  schemeOf(AUTH).misfit?.(AUTH, secretsOf(secrets), now)
const encrypted = (passphrase: string) =>
  createPrivateKey(OWN.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString()

test('a certificate comes out of PEM and out of PKCS #12 of old and new programs, its own first', () => {
  const chained = ROOT.intermediate('Between').issue('client-2')
  const files = [pkcs12Of(chained, 'opened', '3des'), pkcs12Of(chained, 'opened', 'aes256')]
  const read = [
    ...files.map((file) => fromPkcs12(file, 'opened')),
    fromPem(chained.cert, chained.key, null),
    // The order of a file says nothing.
    fromPem(
      chained.cert
        .match(/-----BEGIN[^-]*-----[^-]*-----END[^-]*-----/g)
        ?.reverse()
        .join('\n') ?? '',
      chained.key,
      null,
    ),
  ]
  for (const each of read) {
    if ('fault' in each) throw new Error(each.fault)
    const { cert, key } = each.certificate
    expect(cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(new X509Certificate(cert).subject).toBe('CN=client-2')
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true)
  }
})

test('openssl on this machine makes files that can be read', ({ skip }) => {
  const file = pkcs12ByOpenssl(OWN, 'opened')
  if (file === null) return skip('there is no openssl')
  expect(misfit({ pkcs12: file, passphrase: 'opened' })).toBeNull()
  expect(misfit({ pkcs12: pkcs12ByOpenssl(OWN, '') ?? '' })).toBeNull()
  expect(misfit({ pkcs12: file, passphrase: 'wrong' })).toMatch(/passphrase is wrong or missing/)
})

test('what cannot be used is refused with the reason before it is saved', () => {
  const other = ROOT.issue('client-3')
  const pair = { certificate: OWN.cert, 'private-key': OWN.key }
  expect(misfit(pair)).toBeNull()
  expect(misfit({ ...pair, 'private-key': encrypted('opened'), passphrase: 'opened' })).toBeNull()
  const file = pkcs12Of(OWN, 'opened', 'aes256')
  const refused: [Record<string, string | Uint8Array>, RegExp][] = [
    [{}, /give `pkcs12`, or `certificate` and `private-key`/],
    [{ certificate: OWN.cert }, /give `pkcs12`/],
    [{ ...pair, pkcs12: file }, /give `pkcs12`/],
    [{ pkcs12: file }, /passphrase is wrong or missing/],
    [{ pkcs12: file, passphrase: 'Opened' }, /passphrase is wrong or missing/],
    [{ pkcs12: 'not a file' }, /no PKCS #12 file/],
    [{ pkcs12: file.subarray(0, 300), passphrase: 'opened' }, /no PKCS #12 file/],
    [{ ...pair, 'private-key': encrypted('opened') }, /passphrase is wrong or missing/],
    [{ ...pair, 'private-key': encrypted('opened'), passphrase: 'wrong' }, /passphrase is wrong or missing/],
    [{ ...pair, 'private-key': 'hello' }, /no private key in PEM form/],
    [{ ...pair, certificate: 'hello' }, /no certificate/],
    [
      { ...pair, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /cannot be read/,
    ],
  ]
  // Two keys that are never one: the pool of the authority hands them out in turn.
  if (other.key !== OWN.key) refused.push([{ ...pair, 'private-key': other.key }, /does not belong/])
  for (const [secrets, why] of refused) expect(misfit(secrets)).toMatch(why)
  const late = ROOT.issue('client-4', { days: [-10, -1] })
  const early = ROOT.issue('client-5', { days: [1, 10] })
  expect(misfit({ certificate: late.cert, 'private-key': late.key })).toMatch(/has expired/)
  expect(misfit({ certificate: early.cert, 'private-key': early.key })).toMatch(/not valid yet/)
  // A backup of last year can be put back.
  expect(misfit({ certificate: late.cert, 'private-key': late.key }, null)).toBeNull()
})

test('nothing is sent without the certificate, nor with one whose time is over', () => {
  const apply = (secrets: Record<string, string>, now: number) =>
    schemeOf(AUTH).apply(outboundOf(), AUTH, secretsOf(secrets), { now, basePath: '' })
  const pair = { certificate: OWN.cert, 'private-key': OWN.key }
  expect(apply(pair, NOW).outbound).toMatchObject({ ...outboundOf(), client: { cert: OWN.cert } })
  expect(() => apply({}, NOW)).toThrow(expect.objectContaining({ reason: 'secret-unsendable' }))
  expect(() => apply(pair, NOW + 11 * 86_400_000)).toThrow(
    expect.objectContaining({ code: 'credential-unavailable', reason: 'certificate-expired' }),
  )
})

test('a client certificate goes with encrypted addresses only', () => {
  const flaw = (...baseUrls: string[]) => schemeOf(AUTH).flaw?.(AUTH, { baseUrls })
  expect(flaw('https://a.example')).toBeNull()
  expect(flaw('https://a.example', 'http://127.0.0.1:1')).toMatch(/https/)
})
