import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'

const { fake, settle } = await vi.hoisted(async () => {
  const { fakeBrowser, settle } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser(), settle }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { HostPort } = await import('../../extension/background/host-port.ts')
const { recallHeads, rememberHead } = await import('../../extension/background/head-memory.ts')

const tag = (n: number) => n.toString(16).padStart(32, '0')

beforeEach(() => {
  vi.useFakeTimers()
  fake.nativePorts.length = 0
  fake.browser.storage.local.items.clear()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the newest head of each vault is kept, the newest first, and of very many vaults the last eight', async () => {
  await rememberHead({ vault: tag(1), head: 'a' })
  await rememberHead({ vault: tag(2), head: 'b' })
  await rememberHead({ vault: tag(1), head: 'c' })
  expect(await recallHeads()).toEqual([
    { vault: tag(1), head: 'c' },
    { vault: tag(2), head: 'b' },
  ])
  await Promise.all(Array.from({ length: 20 }, (_, n) => rememberHead({ vault: tag(n), head: `${n}` })))
  expect((await recallHeads()).map(({ head }) => head)).toEqual([
    '19',
    '18',
    '17',
    '16',
    '15',
    '14',
    '13',
    '12',
  ])
})

test('what is kept is in the first frame to every host', async () => {
  await rememberHead({ vault: tag(1), head: 'a' })
  const host = new HostPort(() => false)
  void host.open()
  await settle()
  const heads = [{ vault: tag(1), head: 'a' }]
  expect(fake.nativePorts[0]?.sent).toEqual([
    { type: 'hello', protocol: PROTOCOL_VERSION, version: '9.9.9', heads },
  ])
})

test('storage that fails, or holds something else, keeps nobody from their host', async () => {
  fake.browser.storage.local.items.set('heads', [{ vault: 'no tag', head: 'a' }])
  expect(await recallHeads()).toEqual([])
  const failing = vi.spyOn(fake.browser.storage.local, 'get').mockRejectedValue(new Error('storage'))
  const host = new HostPort(() => false)
  void host.open()
  await settle()
  expect(fake.nativePorts[0]?.sent).toMatchObject([{ type: 'hello', heads: [] }])
  failing.mockRestore()
})

test('a head that comes while storage cannot be read costs no other vault its own', async () => {
  await rememberHead({ vault: tag(1), head: 'a' })
  const failing = vi.spyOn(fake.browser.storage.local, 'get').mockRejectedValueOnce(new Error('storage'))
  await rememberHead({ vault: tag(2), head: 'b' }).catch(() => {})
  expect(failing).toHaveBeenCalledTimes(1)
  failing.mockRestore()
  expect(await recallHeads()).toEqual([{ vault: tag(1), head: 'a' }])
  await rememberHead({ vault: tag(2), head: 'c' })
  expect((await recallHeads()).map(({ head }) => head)).toEqual(['c', 'a'])
})

test('a host that was closed before it was greeted is not spoken to', async () => {
  const host = new HostPort(() => false)
  void host.open()
  host.close()
  await settle()
  expect(fake.nativePorts[0]?.sent).toEqual([])
})
