import { createSecretKey, randomBytes, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createKeys, openWith, sealWith, subkey } from '../../native-host/vault/envelope.ts'
import { refusalOf } from './vault-fixture.ts'

interface Vectors {
  seal: { dataKey: string; place: string; nonce: string; plain: string; sealed: string }[]
  index: { dataKey: string; kind: string; name: string; index: string }[]
  chain: { dataKey: string; message: string; mac: string }[]
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../vectors/envelope/version-1.json', import.meta.url), 'utf8'),
)
const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex')

test('sealed values open as the vectors of version 1 say, and the same nonce seals to the same bytes', () => {
  expect(vectors.seal.length).toBeGreaterThan(3)
  for (const { dataKey, place, nonce, plain, sealed } of vectors.seal) {
    expect(hex(createKeys(bytes(dataKey)).open(place, bytes(sealed)))).toBe(plain)
    const key = subkey(bytes(dataKey), new Uint8Array(0), 'seal')
    expect(hex(sealWith(key, place, bytes(plain), bytes(nonce)))).toBe(sealed)
  }
})

test('indexes and chain values are those of the vectors', () => {
  for (const { dataKey, kind, name, index } of vectors.index)
    expect(hex(createKeys(bytes(dataKey)).index(kind, name))).toBe(index)
  for (const { dataKey, message, mac } of vectors.chain)
    expect(hex(createKeys(bytes(dataKey)).chain(bytes(message)))).toBe(mac)
})

test('a sealed value opens for the same place only', () => {
  const keys = createKeys(randomBytes(32))
  const sealed = keys.seal('services:a:1', Buffer.from('text'))
  expect(Buffer.from(keys.open('services:a:1', sealed)).toString()).toBe('text')
  for (const place of ['services:a:2', 'services:b:1', 'grants:a:1', '', 'services:a:1 '])
    expect(refusalOf(() => keys.open(place, sealed))).toBe('store-damaged')
})

test('a sealed value does not open under another data key', () => {
  const sealed = createKeys(randomBytes(32)).seal('p', Buffer.from('text'))
  expect(refusalOf(() => createKeys(randomBytes(32)).open('p', sealed))).toBe('store-damaged')
})

test('a sealed value with any one byte flipped is refused', () => {
  const keys = createKeys(randomBytes(32))
  const sealed = keys.seal('p', Buffer.from('a secret of some length'))
  for (let at = 0; at < sealed.length; at += 1)
    for (const bit of [0x01, 0x80]) {
      const bad = Uint8Array.from(sealed)
      bad[at] = (bad[at] ?? 0) ^ bit
      expect(
        refusalOf(() => keys.open('p', bad)),
        `byte ${at}`,
      ).toBe('store-damaged')
    }
})

test('a sealed value cut at any length, or with more behind it, is refused', () => {
  const keys = createKeys(randomBytes(32))
  const sealed = keys.seal('p', Buffer.from('text'))
  for (let length = 0; length < sealed.length; length += 1)
    expect(refusalOf(() => keys.open('p', sealed.subarray(0, length)))).toBe('store-damaged')
  expect(refusalOf(() => keys.open('p', Buffer.concat([sealed, Buffer.alloc(1)])))).toBe('store-damaged')
})

test('a genuine value with its tag cut to 4, 8, 12 or 15 bytes is refused', async () => {
  const raw = randomBytes(32)
  const key = createSecretKey(raw)
  const nonce = randomBytes(12)
  const foreign = await webcrypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  const additionalData = Buffer.concat([Uint8Array.of(1), Buffer.from('p')])
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData }
  const whole = new Uint8Array(await webcrypto.subtle.encrypt(algorithm, foreign, Buffer.from('text')))
  const sealed = Buffer.concat([Uint8Array.of(1), nonce, whole])
  expect(Buffer.from(openWith(key, 'p', sealed) ?? '').toString()).toBe('text')
  for (const tag of [4, 8, 12, 15])
    expect(openWith(key, 'p', sealed.subarray(0, sealed.length - 16 + tag))).toBeNull()
})

test('sealing the same text a thousand times never uses a nonce twice', () => {
  const keys = createKeys(randomBytes(32))
  const nonces = Array.from({ length: 1000 }, () => hex(keys.seal('p', new Uint8Array(1)).subarray(1, 13)))
  expect(new Set(nonces).size).toBe(1000)
})

test('a data key of another length is refused', () => {
  expect(() => createKeys(new Uint8Array(16))).toThrow(RangeError)
})
