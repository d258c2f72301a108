import { expect, test } from 'vitest'
import { certificatesOf, pinnedCertificates } from '../../native-host/policy/certificates.ts'
import { checkService } from '../../native-host/policy/validate.ts'
import { ServiceSchema } from '../../shared/model/service.ts'
import { authority } from '../support/certificates.ts'
import { exampleService } from '../support/examples.ts'

const root = authority('Our House')
const leaf = root.issue('api.test.example')
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) })

test('of a file the certificates are kept, in order, and nothing between them', () => {
  expect(certificatesOf(root.ca)).toBe(root.ca)
  const bundle = `# The house's own\r\nsubject=Our House\r\n${root.ca.replaceAll('\n', '\r\n')}\n\n${leaf.cert}trailing words`
  expect(certificatesOf(bundle)).toBe(root.ca + leaf.cert)
  expect(certificatesOf(certificatesOf(bundle))).toBe(root.ca + leaf.cert)
})

test.each<[kind: string, text: string, message: RegExp]>([
  ['nothing', '', /no PEM certificate/],
  ['words', 'hello', /no PEM certificate/],
  [
    'DER',
    Buffer.from(root.ca.split('\n').slice(1, -2).join(''), 'base64').toString('latin1'),
    /no PEM certificate/,
  ],
  ['a private key', leaf.key, /besides certificates/],
  ['a private key after a certificate', leaf.cert + leaf.key, /besides certificates/],
  ['a block whose ends differ', root.ca.replace('END CERTIFICATE', 'END X509 CRL'), /besides certificates/],
  ['half a certificate', root.ca.slice(0, 300), /not a whole PEM block/],
  ['a certificate and half a key', root.ca + leaf.key.slice(0, 100), /not a whole PEM block/],
  [
    'base64 of something else',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    /cannot be read/,
  ],
  ['a certificate that was cut', root.ca.replace(/\n[^\n]+\n-----END/, '\n-----END'), /cannot be read/],
  ['too many', root.ca.repeat(17), /more than 16/],
  ['too much', root.ca + ' '.repeat(64 * 1024), /longer than 65536/],
])('a file with %s is refused, and nothing of it is repeated', (_kind, text, message) => {
  expect(() => certificatesOf(text)).toThrow(invalid(message))
  for (const line of leaf.key.split('\n').filter((each) => each.length > 20 && !each.startsWith('-')))
    expect(() => certificatesOf(text)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(line) }),
    )
})

test('the owner is shown whose a certificate is, its fingerprint and its end', () => {
  const [shown, second] = pinnedCertificates(root.ca + leaf.cert)
  expect(shown).toEqual({
    subject: 'CN=Our House',
    fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    validTo: expect.stringContaining('GMT'),
  })
  expect(second?.subject).toBe('CN=api.test.example')
})

test('a service pins nothing but certificates, and only where TLS is spoken', () => {
  expect(() => checkService(exampleService({ ca: root.ca }))).not.toThrow()
  for (const ca of ['', `\n${root.ca}`, `${root.ca}# mine`, leaf.key])
    expect(() => checkService(exampleService({ ca }))).toThrow(expect.objectContaining({ code: 'invalid' }))
  const plain = { baseUrls: ['http://127.0.0.1:1337'], local: { address: null } }
  expect(() => checkService(exampleService({ ...plain, ca: root.ca }))).toThrow(invalid(/https/))
})

test('a service stored before anything could be pinned pins nothing', () => {
  const { ca: _, ...old } = exampleService()
  expect(ServiceSchema.parse(old).ca).toBeNull()
})
