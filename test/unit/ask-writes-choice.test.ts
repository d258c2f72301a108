import { describe, expect, test } from 'vitest'
import { begins } from '../../extension/popup/ask-writes-choice.ts'
import { exampleCapability } from '../support/examples.ts'

const PLACE = { origin: 'https://site.example', topOrigin: 'https://site.example' }
const CAPABILITY = exampleCapability(['allow POST /v1/**'])
const grant = (askWrites: boolean, part: object = {}) => ({
  id: crypto.randomUUID(),
  ...PLACE,
  capability: CAPABILITY.id,
  ttl: 3600,
  createdAt: 0,
  askWrites,
  ...part,
})
const stands = (grants: ReturnType<typeof grant>[], setting: 'changes' | 'always' | 'never') =>
  begins(CAPABILITY, PLACE, { grants, services: [] }, { setting, presets: [] })

describe('the box “ask me before each change” begins', () => {
  test.each(['changes', 'always', 'never'] as const)(
    'as the site has it, whatever is usual: %s',
    (setting) => {
      expect(stands([grant(true)], setting)).toBe(true)
      expect(stands([grant(false)], setting)).toBe(false)
    },
  )

  test('as is usual where only another site, a frame elsewhere or another capability has something', () => {
    const others = [
      grant(true, { origin: 'https://other.example', topOrigin: 'https://other.example' }),
      grant(true, { topOrigin: 'https://other.example' }),
      grant(true, { capability: 'another' }),
    ]
    expect(stands(others, 'never')).toBe(false)
    expect(stands([], 'always')).toBe(true)
    expect(stands([], 'changes')).toBe(false)
  })
})
