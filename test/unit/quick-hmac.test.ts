import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { quickHmac } from '../../native-host/vault/quick-hmac.ts'

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex')
const keyOf = (bytes: Uint8Array) => createSecretKey(bytes)

/** RFC 4231 sections 4.2 to 4.5: HMAC-SHA-256 of keys of a block at most. */
const PUBLISHED: [key: Uint8Array, message: Uint8Array, mac: string][] = [
  [
    Buffer.alloc(20, 0x0b),
    Buffer.from('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    Buffer.from('Jefe'),
    Buffer.from('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    Buffer.alloc(20, 0xaa),
    Buffer.alloc(50, 0xdd),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  ],
  [
    Buffer.from('0102030405060708090a0b0c0d0e0f10111213141516171819', 'hex'),
    Buffer.alloc(50, 0xcd),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
]

test('the published values are made', () => {
  for (const [key, message, mac] of PUBLISHED) expect(hex(quickHmac(keyOf(key))(message))).toBe(mac)
})

test('messages of every length, one after another, have the MACs that `createHmac` makes', () => {
  for (const bytes of [1, 32, 63, 64]) {
    const key = keyOf(randomBytes(bytes))
    const mac = quickHmac(key)
    // Longer ones before shorter ones too: nothing of the one before is left.
    const lengths = [300, 0, 1, 55, 56, 63, 64, 65, 600, 5, 16_383, 16_384, 16_385, 40_000, 7, 16_384]
    for (const length of lengths) {
      const message = randomBytes(length)
      const expected = createHmac('sha256', key).update(message).digest('hex')
      expect(hex(mac(message)), `${bytes} bytes of key, ${length} of message`).toBe(expected)
    }
  }
})

test('a key longer than a block is refused', () => {
  expect(() => quickHmac(keyOf(randomBytes(65)))).toThrow(RangeError)
})
