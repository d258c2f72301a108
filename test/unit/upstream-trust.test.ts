import { createSecureContext, rootCertificates } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { trustOf } from '../../native-host/upstream/trust.ts'
import { authority } from '../support/certificates.ts'

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
