import { expect, it } from 'vitest'
import { isOrigin } from '../../shared/model/is-origin.ts'
import { OriginSchema } from '../../shared/model/names.ts'

/** The longest there may be, and the shortest that is too long. */
const long = (characters: number) => `https://${'a'.repeat(characters - 'https://'.length)}`

it.each(['https://a.example', 'http://127.0.0.1:8080', 'https://[::1]:8443', long(512)])(
  '%s is one',
  (text) => {
    expect(isOrigin(text)).toBe(true)
    expect(OriginSchema.safeParse(text).success).toBe(true)
  },
)

it.each([
  '',
  'null',
  'https://a.example/',
  'https://a.example:443',
  'https://A.example',
  'https://u@a.example',
  'ftp://a.example',
  'chrome-extension://abc',
  'file://',
  ' https://a.example',
  long(513),
])('%s is none', (text) => {
  expect(isOrigin(text)).toBe(false)
  expect(OriginSchema.safeParse(text).success).toBe(false)
})

it('is never anything but a text', () => {
  expect(OriginSchema.safeParse(undefined).success).toBe(false)
  expect(OriginSchema.safeParse({ toString: () => 'https://a.example' }).success).toBe(false)
})
