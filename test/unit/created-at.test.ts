import { expect, test } from 'vitest'
import type { Needle } from '../../native-host/auth/needle.ts'
import { createdAt } from '../../native-host/broker/created-at.ts'
import type { UpstreamResponse } from '../../native-host/upstream/send.ts'
import { exampleService } from '../support/examples.ts'
import { KEY } from './auth-fixture.ts'

const ORIGIN = 'https://api.example.com'
const needles: Needle[] = [{ bytes: Buffer.from(KEY), pieces: true }]
const service = exampleService({ baseUrls: [`${ORIGIN}/v1`, 'https://files.example.com/v1'] })

function told(locations: string[], { status = 201, prefix = '' } = {}) {
  const headers = locations.map((value): [string, string] => ['location', value])
  const response = { status, statusText: '', headers } as unknown as UpstreamResponse
  const path = '/v1/files'
  const request = { method: 'POST', url: ORIGIN + path, origin: ORIGIN, path, query: [], headers: [] }
  return createdAt(response, { request, service }, needles, `${ORIGIN}/v1${prefix}/files`)
}

test.each([['/v1/files/one'], ['files/one'], [`${ORIGIN}/v1/files/one`], ['//api.example.com/v1/files/one']])(
  'what was made within the service is told as it came: %s',
  (location) => {
    expect(told([location])).toEqual([['location', location]])
  },
)

test('bytes beyond ASCII are percent-encoded, as a browser reads them', () => {
  expect(told(['/v1/files/\u00e9'])).toEqual([['location', '/v1/files/%E9']])
})

test('what a scheme put into the path is left out, and an address that lacks it is not told', () => {
  expect(told(['/v1/botX/files/one'], { prefix: '/botX' })).toEqual([['location', '/v1/files/one']])
  expect(told([`${ORIGIN}/v1/botX/files/one`], { prefix: '/botX' })).toEqual([['location', '/v1/files/one']])
  expect(told(['/v1/files/one'], { prefix: '/botX' })).toEqual([])
})

test.each([
  ['another host', 'https://files.example.com/v1/files/one'],
  ['another port', 'https://api.example.com:8443/v1/files/one'],
  ['another scheme', 'http://api.example.com/v1/files/one'],
  ['not below its base', '/v2/files/one'],
  ['out of its base by dots', '/v1/../v2/files/one'],
  ['a query', '/v1/files/one?token=1'],
  ['a fragment', '/v1/files/one#token'],
  ['a name before the host', 'https://a@api.example.com/v1/files/one'],
  ['a backslash', '/v1\\files/one'],
  ['a control character', '/v1/files/\u0001'],
  ['the key', `/v1/files/${KEY}`],
  ['the key, encoded', `/v1/files/${Buffer.from(KEY).toString('base64url')}`],
])('%s is not told', (_, location) => {
  expect(told([location])).toEqual([])
})

test.each([200, 202, 204, 301, 303, 400])('nor is that of a %i', (status) => {
  expect(told(['/v1/files/one'], { status })).toEqual([])
})

test('nor one of two', () => {
  expect(told(['/v1/files/one', '/v1/files/two'])).toEqual([])
  expect(told([])).toEqual([])
})
