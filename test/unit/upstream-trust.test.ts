import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSecureContext, rootCertificates } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { connectorFor } from '../../native-host/upstream/connect.ts'
import { trustOf } from '../../native-host/upstream/trust.ts'
import { authority } from '../support/certificates.ts'
import { exampleService } from '../support/examples.ts'

// What no handshake on this machine can show, for want of a certificate of a public authority: which list is taken.
vi.mock(import('node:tls'), async (original) => {
  const tls = await original()
  return { ...tls, createSecureContext: vi.fn(tls.createSecureContext) }
})
const made = () => vi.mocked(createSecureContext).mock.lastCall?.[0]

test('a pinned authority stands alone; without one the runtime’s own list does, and nothing the environment adds', () => {
  const { ca } = authority()
  trustOf({ ca })
  expect(made()?.ca).toEqual([ca])
  trustOf({ ca: null })
  expect(made()?.ca).toEqual(rootCertificates)
})

test('the oldest protocol and the lowest strength are said, so that no option of the runtime lowers them', () => {
  trustOf({ ca: authority().ca })
  expect(made()).toMatchObject({ minVersion: 'TLSv1.2', ciphers: expect.stringMatching(/:@SECLEVEL=2$/) })
  expect(trustOf({ ca: null }).rejectUnauthorized).toBe(true)
})

test('authorities are parsed for a service with TLS, and not for one without', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const before = vi.mocked(createSecureContext).mock.calls.length
  const opening = async (protocol: 'http:' | 'https:') => {
    const service = exampleService({
      baseUrls: [`${protocol}//${host}`],
      local: { address: null },
      ca: authority().ca,
    })
    const target = { protocol, host, hostname: '127.0.0.1', port: host.slice(host.indexOf(':') + 1) }
    const { promise, resolve } = Promise.withResolvers<string>()
    connectorFor(service, { timeout: 30_000 })(target, (error, socket) => {
      resolve(error === null ? 'open' : 'refused')
      socket?.destroy()
    })
    return [await promise, vi.mocked(createSecureContext).mock.calls.length - before]
  }
  expect(await opening('http:')).toEqual(['open', 0])
  // Which speaks no TLS.
  expect(await opening('https:')).toEqual(['refused', 1])
  server.closeAllConnections()
  server.close()
})
