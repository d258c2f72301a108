import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decryptGcm, encryptGcm, hkdf } from '../../native-host/vault/ciphers.ts'
import { done } from '../support/hard.ts'
import { describeSuite } from '../support/public-suite.ts'

interface Suite<T> {
  numberOfTests: number
  testGroups: { keySize: number; ivSize?: number; tests: T[] }[]
}

interface GcmCase {
  tcId: number
  key: string
  iv: string
  aad: string
  msg: string
  ct: string
  tag: string
  result: 'valid' | 'invalid'
}

interface HkdfCase {
  tcId: number
  ikm: string
  salt: string
  info: string
  size: number
  okm: string
  result: 'valid' | 'invalid'
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')

describeSuite('Wycheproof', 'wycheproof/', (root) => {
  const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Suite<T>

  test('AES-GCM: our sizes seal and open as they must, every other size is refused, nothing false opens', () => {
    const suite = read<GcmCase>('aes_gcm_test.json')
    let [ours, refused] = [0, 0]
    for (const { keySize, ivSize, tests } of suite.testGroups)
      for (const each of tests) {
        const key = createSecretKey(bytes(each.key))
        const [nonce, associated] = [bytes(each.iv), bytes(each.aad)]
        const sealed = Buffer.concat([bytes(each.ct), bytes(each.tag)])
        const open = () => decryptGcm(key, nonce, associated, sealed)
        const seal = () => encryptGcm(key, nonce, associated, bytes(each.msg))
        if (keySize !== 256 || ivSize !== 96) {
          expect(open, `case ${each.tcId}`).toThrow(RangeError)
          expect(seal, `case ${each.tcId}`).toThrow(RangeError)
          refused += 1
        } else {
          const valid = each.result === 'valid'
          const opened = open()
          const text = opened === null ? null : Buffer.from(opened).toString('hex')
          expect(text, `case ${each.tcId}`).toBe(valid ? each.msg : null)
          if (valid) expect(Buffer.from(seal()).equals(sealed), `case ${each.tcId}`).toBe(true)
          ours += 1
        }
      }
    expect(ours + refused).toBe(suite.numberOfTests)
    expect(ours).toBeGreaterThan(50)
    done('Wycheproof AES-GCM cases', ours + refused)
  })

  test('HKDF-SHA-256: every valid case derives its bytes, every oversized one is refused', () => {
    const suite = read<HkdfCase>('hkdf_sha256_test.json')
    const cases = suite.testGroups.flatMap(({ tests }) => tests)
    for (const { tcId, ikm, salt, info, size, okm, result } of cases) {
      const derive = () => Buffer.from(hkdf(bytes(ikm), bytes(salt), bytes(info), size)).toString('hex')
      if (result === 'valid') expect(derive(), `case ${tcId}`).toBe(okm)
      else expect(derive, `case ${tcId}`).toThrow(RangeError)
    }
    expect(cases).toHaveLength(suite.numberOfTests)
    done('Wycheproof HKDF cases', cases.length)
  })
})
