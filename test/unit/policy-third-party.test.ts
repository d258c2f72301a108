import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalise, serviceFor } from '../../native-host/policy/canonical.ts'
import { readJson } from '../../native-host/policy/json.ts'
import { MalformedJson } from '../../native-host/policy/malformed-json.ts'
import { exampleService } from '../support/examples.ts'
import { describeSuite } from '../support/public-suite.ts'

/** Texts that RFC 8259 accepts and the strict reader does not, and why. */
const STRICTER: Readonly<Record<string, string>> = {
  'y_object_duplicated_key.json': 'a key stands twice in one object',
  'y_object_duplicated_key_and_value.json': 'a key stands twice in one object',
}

describeSuite('JSONTestSuite', 'json/test_parsing/', (root) => {
  const files = readdirSync(root).filter((name) => name.endsWith('.json'))
  const read = (name: string) => readJson(readFileSync(new URL(encodeURIComponent(name), root)))

  test('has the cases it is known to have', () => {
    const count = (kind: string) => files.filter((name) => name.startsWith(kind)).length
    expect([count('y_'), count('n_'), count('i_')]).toEqual([95, 188, 35])
  })
  test.each(files.filter((name) => name.startsWith('y_')))(
    '%s is read, unless our rules are stricter',
    (name) => {
      const stricter = STRICTER[name]
      if (stricter === undefined) expect(read(name).end).toBeGreaterThan(0)
      else expect(() => read(name)).toThrow(stricter)
    },
  )
  test.each(files.filter((name) => name.startsWith('n_')))('%s is refused', (name) => {
    expect(() => read(name)).toThrow(MalformedJson)
  })
  test.each(files.filter((name) => name.startsWith('i_')))(
    '%s is read or refused, and never breaks',
    (name) => {
      // Numbers out of range are read and marked; broken encodings and surrogates are refused.
      if (!name.startsWith('i_number_')) return expect(() => read(name)).toThrow(MalformedJson)
      const node = read(name)
      return expect(node.kind === 'array' ? node.items[0] : null).toMatchObject({
        kind: 'number',
        exact: false,
      })
    },
  )
})

const service = exampleService({ baseUrls: ['https://granted.example'] })

/** What goes out for a text; null for a refusal. */
function sent(url: string): string | null {
  const out = canonicalise({ method: 'GET', url, headers: [] }, service)
  return 'request' in out ? out.request.url : null
}

describeSuite('urltestdata', 'wpt-url/urltestdata.json', (file) => {
  interface Entry {
    input: string
    base: string | null
    href?: string
    failure?: boolean
  }
  const all = JSON.parse(readFileSync(file, 'utf8')) as (string | Entry)[]
  const entries = all.filter((entry): entry is Entry => typeof entry !== 'string')

  test('has the cases it is known to have', () => {
    expect(entries.length).toBe(891)
  })
  test('no text reaches a service that it is not for, and none that must fail belongs to any', () => {
    for (const { input, base, failure } of entries) {
      expect(sent(input), input).toBeNull()
      if (failure && base === null) expect(serviceFor(input, [service]), input).toBeNull()
    }
  })
  test('each text, taken to the service of its own host, is refused or sent as the suite parses it', () => {
    let accepted = 0
    for (const { input, base, href } of entries) {
      const origin = href === undefined || base !== null ? null : (URL.parse(href)?.origin ?? null)
      if (href === undefined || origin === null || !/^https?:/.test(origin)) continue
      const own = exampleService({ baseUrls: [origin] })
      const out = canonicalise({ method: 'GET', url: input, headers: [] }, own)
      if (!('request' in out)) continue
      accepted++
      expect(out.request.url, input).toBe(href.split('#', 1)[0])
    }
    // Most entries are built to be ambiguous; these few are plain.
    expect(accepted).toBeGreaterThan(10)
  })
})

describeSuite('IdnaTestV2', 'wpt-url/IdnaTestV2.json', (file) => {
  const all = JSON.parse(readFileSync(file, 'utf8')) as (string | { input: string; output: string | null })[]
  const entries = all.filter((entry) => typeof entry !== 'string')

  test('no name that is not plain ASCII in its final form reaches even its own host', () => {
    expect(entries.length).toBeGreaterThan(2000)
    for (const { input, output } of entries) {
      expect(sent(`https://${input}/v1`), input).toBeNull()
      if (output === null || output === '' || input.toLowerCase() === output) continue
      const own = exampleService({ baseUrls: [`https://${output}`] })
      expect(
        canonicalise({ method: 'GET', url: `https://${input}/v1`, headers: [] }, own),
        input,
      ).toHaveProperty('refused')
    }
  })
})
