import { describe, expect, test } from 'vitest'
import { shortSubject, siteOfSubject } from '../../extension/control/act-subject.ts'
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
})
