import { expect, test } from 'vitest'
import { type Resolve, resolveFor } from '../../native-host/upstream/connect.ts'
import type { Service } from '../../shared/model/service.ts'
import { serviceWith } from './auth-fixture.ts'

const answering =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address }))
const neverAsked: Resolve = () => {
  throw new Error('a name was resolved')
}
const service = (baseUrl: string, local: Service['local'] = null) =>
  serviceWith({ kind: 'none' }, { baseUrls: [baseUrl], local })
const refusal = (reason: string) => expect.objectContaining({ code: 'upstream-unreachable', reason })
const api = service('https://api.example.com/v1')
const apiUrl = new URL('https://api.example.com/v1/x')

test('a name goes to its public answers, in order', async () => {
  const addresses = await resolveFor(api, apiUrl, answering('2606:4700::1111', '1.1.1.1'))
  expect(addresses).toEqual([
    { address: '2606:4700::1111', family: 6 },
    { address: '1.1.1.1', family: 4 },
  ])
})

test('one private answer refuses all of them', async () => {
  for (const bad of ['127.0.0.1', '10.0.0.1', '::1', '::ffff:169.254.169.254', '64:ff9b::7f00:1']) {
    for (const answers of [[bad], ['1.1.1.1', bad], [bad, '1.1.1.1']]) {
      await expect(resolveFor(api, apiUrl, answering(...answers))).rejects.toThrow(refusal('private-address'))
    }
  }
})

test('a name without an answer, or whose resolver fails, is unreachable for that reason', async () => {
  await expect(resolveFor(api, apiUrl, answering())).rejects.toThrow(refusal('dns'))
  await expect(resolveFor(api, apiUrl, () => Promise.reject(new Error('x')))).rejects.toThrow(refusal('dns'))
})

test('a literal is judged without being resolved', async () => {
  for (const [base, reason] of [
    ['https://127.0.0.1', 'private-address'],
    ['https://[::1]', 'private-address'],
    ['https://[::ffff:7f00:1]', 'private-address'],
    ['https://2130706433', 'private-address'],
    ['https://169.254.169.254', 'private-address'],
  ] as const) {
    await expect(resolveFor(service(base), new URL(base), neverAsked)).rejects.toThrow(refusal(reason))
  }
  const literal = await resolveFor(service('https://1.1.1.1'), new URL('https://1.1.1.1/x'), neverAsked)
  expect(literal).toEqual([{ address: '1.1.1.1', family: 4 }])
})

test('only the scheme, host and port of the service are reached', async () => {
  for (const url of [
    'https://evil.example/v1',
    'https://api.example.com:8443/v1',
    'http://api.example.com/v1',
    'https://api.example.com./v1',
    'https://x.api.example.com/v1',
  ]) {
    await expect(resolveFor(api, new URL(url), neverAsked)).rejects.toThrow(refusal('other-origin'))
  }
})

test('plain http is for declared-local services alone', async () => {
  const plain = service('http://api.example.com')
  await expect(resolveFor(plain, new URL('http://api.example.com/'), answering('1.1.1.1'))).rejects.toThrow(
    refusal('plain-http'),
  )
})

test('a local service is reached at its declared address, never by DNS', async () => {
  const named = service('http://models.home.example:1337', { address: '192.168.1.9' })
  const at = await resolveFor(named, new URL('http://models.home.example:1337/v1'), neverAsked)
  expect(at).toEqual([{ address: '192.168.1.9', family: 4 }])
  const literal = service('http://[::1]:1337', { address: null })
  expect(await resolveFor(literal, new URL('http://[::1]:1337/'), neverAsked)).toEqual([
    { address: '::1', family: 6 },
  ])
})

test('a local service without a local address is not reached at all', async () => {
  for (const [base, address] of [
    ['http://localhost:1337', null],
    ['http://models.example:1337', null],
    ['http://models.example:1337', '1.1.1.1'],
    ['http://models.example:1337', '0.0.0.0'],
    ['http://1.1.1.1:1337', null],
    ['http://127.0.0.1:1337', '192.168.1.9'],
  ] as const) {
    await expect(resolveFor(service(base, { address }), new URL(base), neverAsked)).rejects.toThrow(
      refusal('not-local'),
    )
  }
})

test('a local service is reached at its own port only', async () => {
  const local = service('http://127.0.0.1:1337', { address: null })
  await expect(resolveFor(local, new URL('http://127.0.0.1:22/'), neverAsked)).rejects.toThrow(
    refusal('other-origin'),
  )
})
