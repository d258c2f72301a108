import { createHmac, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { recordRefusal } from '../../native-host/audit/write-audit.ts'
import { describeCall } from '../../native-host/broker/describe-call.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { createKeys } from '../../native-host/vault/envelope.ts'
import { type AuditRecord, AuditRecordSchema } from '../../shared/model/audit-record.ts'
import { exampleService } from '../support/examples.ts'
import { callRecord, openVault, outcomeRecord, refusalOf, type VaultFixture } from './vault-fixture.ts'

let vault: VaultFixture
beforeEach(() => {
  vault = openVault()
})
afterEach(() => vault.remove())

function requestTo(url: string, headers: [string, string][] = []) {
  const canonical = canonicalise({ method: 'POST', url, headers }, exampleService())
  if ('refused' in canonical) throw new Error(canonical.refused)
  return canonical.request
}

const described = (url: string, headers: [string, string][] = [], body: Uint8Array | null = null) =>
  describeCall(vault.keys, requestTo(url, headers), body, { method: 'POST', bodyLength: null })

test('of a query there are names only, whatever they are called', () => {
  const { url, query } = described('https://api.example.com/v1/x?q=SECRET1&limit=SECRET2&q=SECRET3&alt')
  expect({ url, query }).toEqual({ url: 'https://api.example.com/v1/x', query: ['q', 'limit', 'q', 'alt'] })
})

test('a value that stands without a name is not taken for one, and a name may not be as long as a page likes', () => {
  const { query } = described(
    `https://api.example.com/v1/x?sk-0123456789abcdef&short&=SECRET&${'n'.repeat(65)}=1&${'k'.repeat(64)}=1`,
  )
  expect(query).toEqual(['(unnamed)', 'short', '', '(long)', 'k'.repeat(64)])
})

test('of headers there are names only, and of very many names the first fifty', () => {
  const many = Array.from({ length: 60 }, (_, n): [string, string] => [`x-stainless-${n}`, 'SECRET'])
  const { headers } = described('https://api.example.com/v1/x', [['accept', 'SECRET'], ...many])
  expect(headers).toHaveLength(50)
  expect(headers[0]).toBe('accept')
  expect(JSON.stringify(headers)).not.toContain('SECRET')
  const query = many.map(([name]) => `${name}=1`).join('&')
  expect(described(`https://api.example.com/v1/x?${query}`).query).toHaveLength(50)
})

test('of a body held whole there are its size and a digest under a key of the vault', () => {
  const body = Buffer.from('{"model":"m"}')
  const first = described('https://api.example.com/v1/x', [], body).body
  expect(first?.bytes).toBe(body.length)
  expect(first?.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(described('https://api.example.com/v1/x', [], body).body).toEqual(first)
  expect(described('https://api.example.com/v1/x', [], Buffer.from('{"model":"n"}')).body).not.toEqual(first)
  const plain = createHmac('sha256', '').update(body).digest('hex')
  expect(first?.digest).not.toBe(plain)
  const other = createKeys(randomBytes(32)).digest()
  other.update(body)
  expect(other.hex()).not.toBe(first?.digest)
})

test('of a body that streams by there is the size where it is known, and of none there is nothing', () => {
  const stream = (async function* () {})()
  const request = requestTo('https://api.example.com/v1/x')
  const claimed = { method: 'POST', bodyLength: 7 }
  expect(describeCall(vault.keys, request, stream, claimed).body).toEqual({ bytes: 7, digest: null })
  expect(describeCall(vault.keys, request, null, claimed).body).toBeNull()
})

test('a request that never became canonical has no address, names or headers in the log', () => {
  expect(describeCall(vault.keys, null, null, { method: 'BREW', bodyLength: null })).toEqual({
    method: 'BREW',
    url: null,
    query: [],
    headers: [],
    body: null,
  })
})

test.each(['https://api.example.com/v1/x?q=1', 'https://api.example.com/v1/x#f', 'https://a.example/?'])(
  'whoever makes it, a record with the address %s is not written',
  (url) => {
    const record = callRecord({ kind: 'refusal', decision: 'deny', url })
    expect(refusalOf(() => recordRefusal(vault.store, vault.keys, record))).toBe('internal')
    expect(listAudit(vault.store, vault.keys, { limit: 1 })).toEqual([])
  },
)

test('records from before a member was there are read with its default', () => {
  const without = (record: AuditRecord, ...names: string[]) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
  const call = callRecord({ tabId: null, frameId: null, body: null })
  const old = without(call, 'tabId', 'frameId', 'query', 'headers', 'body', 'approvedBy', 'count')
  expect(AuditRecordSchema.parse(old)).toEqual(call)
  const ended = outcomeRecord()
  expect(AuditRecordSchema.parse(without(ended, 'durations', 'requestDigest', 'responseDigest'))).toEqual(
    ended,
  )
})
