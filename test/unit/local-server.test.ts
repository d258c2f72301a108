import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isLoopback, listeningAt } from '../../native-host/install/listening.ts'
import { checkLocalServer } from '../../native-host/owner/check-local-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'vk-sockets-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** A table of the system's as Linux writes it, with these local addresses and states. */
function tableOf(...rows: [address: string, state: string][]): string {
  const path = join(folder, `table-${files++}`)
  const lines = rows.map(
    ([address, state], at) =>
      `  ${at}: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000`,
  )
  writeFileSync(path, ['  sl  local_address rem_address   st tx_queue', ...lines, ''].join('\n'))
  return path
}
const jan = { id: 'jan', baseUrl: 'http://127.0.0.1:1337/v1', address: null }
/** Port 1337. */
const PORT = '0539'

describe('where something listens', () => {
  test.each([
    ['0100007F', '127.0.0.1', true],
    ['00000000', '0.0.0.0', false],
    ['0200A8C0', '192.168.0.2', false],
    ['00000000000000000000000001000000', '::1', true],
    ['00000000000000000000000000000000', '::', false],
    ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1', true],
    ['0000000000000000FFFF00000200A8C0', '::ffff:192.168.0.2', false],
    ['B80D0120000000000000000001000000', '2001:db8::1', false],
  ])('%s is %s', (hex, address, loopback) => {
    expect(listeningAt(1337, [tableOf([`${hex}:${PORT}`, '0A'])])).toEqual([address])
    expect(isLoopback(address)).toBe(loopback)
  })

  test('counts sockets that listen on that very port, and no connections', () => {
    const table = tableOf([`00000000:${PORT}`, '01'], [`00000000:053A`, '0A'], [`0100007F:${PORT}`, '06'])
    expect(listeningAt(1337, [table])).toEqual([])
  })

  test('is not known where the system keeps no such table, and known from one of two', () => {
    expect(listeningAt(1337, [join(folder, 'none')])).toBeNull()
    expect(listeningAt(1337, [join(folder, 'none'), tableOf([`0100007F:${PORT}`, '0A'])])).toEqual([
      '127.0.0.1',
    ])
  })

  test.runIf(process.platform === 'linux')('is read from this very system', async () => {
    for (const [host, loopback] of [
      ['127.0.0.1', true],
      ['0.0.0.0', false],
    ] as const) {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, host, resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      expect(listeningAt(port)).toEqual([host])
      const { state } = checkLocalServer({ ...jan, baseUrl: `http://127.0.0.1:${port}` })
      expect(state).toBe(loopback ? 'ok' : 'warn')
      await new Promise((resolve) => server.close(resolve))
    }
  })
})

describe('a local server', () => {
  test('that others reach is worth a warning that names where', () => {
    const tables = [tableOf([`00000000:${PORT}`, '0A']), tableOf([`${'0'.repeat(32)}:${PORT}`, '0A'])]
    const finding = checkLocalServer(jan, tables)
    expect(finding).toMatchObject({ check: 'service:jan', state: 'warn' })
    expect(finding.message).toContain('0.0.0.0 and ::')
  })

  test.each([
    ['that only this machine reaches', [`0100007F:${PORT}`, '0A'], 'only this machine'],
    ['that does not run', ['0100007F:0001', '0A'], 'nothing listens'],
  ] as const)('%s is well', (_, row, words) => {
    const finding = checkLocalServer(jan, [tableOf([...row])])
    expect(finding).toMatchObject({ state: 'ok' })
    expect(finding.message).toContain(words)
  })

  test('is of unknown reach where the system does not say, which is said', () => {
    expect(checkLocalServer(jan, [])).toMatchObject({ state: 'ok' })
    expect(checkLocalServer(jan, []).message).toContain('not known')
  })

  test('elsewhere on the network is said to be there, by its declared address too', () => {
    const named = { id: 'box', baseUrl: 'http://box.lan:8080', address: '192.168.1.9' }
    expect(checkLocalServer(named).message).toContain('192.168.1.9')
    const loopback = checkLocalServer({ ...named, address: '::1' }, [tableOf([`00000000:1F90`, '0A'])])
    expect(loopback.message).toContain('0.0.0.0')
  })
})
