import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { shortSubject, siteOfSubject, subjectText } from '../../extension/control/act-subject.ts'
import { actText } from '../../extension/control/act-text.ts'
import type { OwnerSnapshot } from '../../extension/ui/owner-view.ts'

const GRANT = 'e67336b2-c778-49f9-9da9-402fa4065714'
const SESSION = 'e6fe562e-7881-40ec-8e61-d56b8ecd9dc4'
const owner = {
  grants: [{ id: GRANT, origin: 'https://chat.example.com' }],
  sessions: [{ id: SESSION, origin: 'https://studio.example.org' }],
} as Pick<OwnerSnapshot, 'grants' | 'sessions'>

describe('what an act in the log was about', () => {
  test('is the site of a grant or a session', () => {
    expect(siteOfSubject(GRANT, owner)).toBe('https://chat.example.com')
    expect(siteOfSubject(SESSION, owner)).toBe('https://studio.example.org')
  })

  test('is no site where that is not known any more, or not yet', () => {
    expect(siteOfSubject('openai', owner)).toBe(null)
    expect(siteOfSubject(GRANT, { grants: null, sessions: null })).toBe(null)
  })

  test('is shortened where only the host gave it its name', () => {
    expect(shortSubject(SESSION)).toBe('e6fe562e…')
    expect(shortSubject('openai')).toBe('openai')
    expect(shortSubject('e6fe562e-7881')).toBe('e6fe562e-7881')
  })

  test('is called what its owner calls it', () => {
    const named = {
      services: [{ id: 'oai', label: 'OpenAI' }],
      capabilities: [{ id: 'chat', service: 'oai', label: 'Chat' }],
    }
    const text = (act: string, subject: string) => subjectText({ act, subject }, named as never)
    expect(text('vault.lock', 'vault')).toBe('')
    expect(text('vault.unlock', 'recovery')).toBe('Recovery code')
    expect(text('service.add', 'oai')).toBe('OpenAI')
    expect(text('service.add', 'vault')).toBe('vault')
    expect(text('capability.update', 'chat')).toBe('OpenAI: Chat')
    expect(text('capability.update', 'gone')).toBe('gone')
    expect(text('session.revoke', SESSION)).toBe('e6fe562e…')
  })
})

test('every act that the host records has words', () => {
  const host = new URL('../../native-host/', import.meta.url).pathname
  const acts = globSync('**/*.ts', { cwd: host }).flatMap((file) =>
    [...readFileSync(`${host}${file}`, 'utf8').matchAll(/(?:record\(\w+, |act: )'([a-z]+\.[a-z-]+)'/g)].map(
      ([, act]) => act ?? '',
    ),
  )
  expect(new Set(acts).size).toBeGreaterThan(25)
  expect([...new Set(acts)].filter((act) => actText(act) === act)).toEqual([])
})
