import { describe, expect, test } from 'vitest'
import { explain } from '../../native-host/policy/explain.ts'
import { outgoingHeaders } from '../../native-host/policy/headers.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes, vectorCases } from './policy-fixture.ts'

describe('url-policy: a capability for GET /v1/** on https://api.example.com', () => {
  const bases = [
    ['https://api.example.com/v1'],
    ['https://api.example.com'],
    ['https://api.example.com', 'https://api.example.com/v1'],
  ]
  test.each(vectorCases('url-policy.json') as [string, string, string][])('%s: %s (%s)', (url, verdict) => {
    for (const baseUrls of bases) {
      const claimed = { method: 'GET', url, headers: [] }
      const { decision, request } = explain(
        claimed,
        null,
        exampleCapability(['allow GET /v1/**']),
        exampleService({ baseUrls }),
      )
      expect(decision).toBe(verdict)
      if (verdict === 'allow') expect(request?.url).toMatch(/^https:\/\/api\.example\.com\/v1\b/)
    }
  })
})

describe('request-headers: what becomes of a header that a page sets', () => {
  const cases = vectorCases('request-headers.json') as [Record<string, string>, string][]
  test.each(cases.map(([headers, fate]) => [JSON.stringify(headers), fate, headers] as const))(
    '%s: %s',
    (_, fate, headers) => {
      const out = outgoingHeaders(Object.entries(headers), exampleService())
      if (fate === 'refuse') return expect(out).toEqual({ refused: 'header-malformed' })
      const kept = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
      return expect(out).toEqual({ headers: fate === 'keep' ? kept : [] })
    },
  )
})

describe('body-policy: /model must be "cheap" and /max_tokens at most 100', () => {
  const capability = exampleCapability(['allow POST /v1/chat'], {
    body: [
      { op: 'in', pointer: '/model', values: ['cheap'] },
      { op: '<=', pointer: '/max_tokens', limit: 100 },
    ],
  })
  test.each(vectorCases('body-policy.json') as [string, string][])('%j: %s', (text, verdict) => {
    const body = text.startsWith('hex:') ? Buffer.from(text.slice(4), 'hex') : bytes(text)
    const claimed = {
      method: 'POST',
      url: 'https://api.example.com/v1/chat',
      headers: [['content-type', 'application/json']] as const,
    }
    expect(explain(claimed, body, capability, exampleService()).decision).toBe(
      verdict.startsWith('deny') ? 'deny' : verdict,
    )
  })
})
