import { expect, test } from 'vitest'
import { leftOutIn, missingOf } from '../support/ui-real/left-out.ts'
import { CHAPTERS, pictureOf, STAGED_ONLY } from '../support/ui-real/pictures.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'

const NAMES = SCENES.map(({ name }) => name)

test('every staged state is shown by the real extension too, or says what it would take', () => {
  expect(NAMES.filter((name) => pictureOf(name) === null).sort()).toEqual(Object.keys(STAGED_ONLY).sort())
})

test('no picture of the real thing has the name of another', () => {
  const all = Object.values(CHAPTERS).flat()
  expect(all.length).toBeGreaterThan(100)
  expect(new Set(all).size).toBe(all.length)
})

test('a walk that leaves a picture out is told which, but for what its browser cannot show', () => {
  expect(missingOf('machine', 'firefox', ['room-devices'])).toEqual([
    'room-devices-none',
    'room-devices-wide',
    'room-devices-wrong',
  ])
  const all = CHAPTERS.trouble.filter((name) => name !== 'popup-forbidden')
  expect(missingOf('trouble', 'firefox', all)).toEqual([])
  expect(missingOf('trouble', 'chromium', all)).toEqual(['popup-forbidden'])
  expect(leftOutIn('firefox', 'trouble').map(({ name }) => name)).toEqual(['popup-forbidden'])
  expect(leftOutIn('chromium', 'trouble')).toEqual([])
})
