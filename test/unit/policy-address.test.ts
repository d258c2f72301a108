import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isLocalAddress, isPublicAddress } from '../../native-host/policy/address.ts'

const vectors: { cases: [address: string, isPublic: 0 | 1][] } = JSON.parse(
  readFileSync(new URL('../vectors/ssrf-ip.json', import.meta.url), 'utf8'),
)

test.each(vectors.cases)('%s is judged as the vector says', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic === 1)
})

test.each([
  '127.0.0.1',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '::8.8.8.8',
  '::808:808',
  '0:0:0:0:0:0:8.8.8.8',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '2002:7f00:1::',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  '3fff::1',
  '5f00::1',
  '100::1',
  '4000::1',
  'e000::1',
  'ff02::1',
  'fe80::1%eth0',
  '2606:4700::1111%1',
  '192.168.0.1',
  '203.0.113.1',
  '255.255.255.255',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '1.1.1',
  ' 1.1.1.1',
  '1.1.1.1 ',
  'localhost',
  '[2606:4700::1111]',
  '',
])('%j is no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '::ffff:8.8.8.8', '2a00:1450:4001:800::200e'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
  expect(isLocalAddress(address)).toBe(false)
})

test.each(['127.0.0.1', '127.9.9.9', '::1', '10.0.0.1', '172.16.0.1', '192.168.1.9', 'fd00::1'])(
  '%s may be declared local',
  (address) => {
    expect(isLocalAddress(address)).toBe(true)
  },
)

test.each([
  '0.0.0.0',
  '::',
  '100.64.0.1',
  '224.0.0.1',
  '1.1.1.1',
  '64:ff9b::7f00:1',
  '::127.0.0.1',
  'fe80::1%lo',
  'fe80::1',
  '169.254.169.254',
  'localhost',
])('%s may not be declared local', (address) => {
  expect(isLocalAddress(address)).toBe(false)
})
