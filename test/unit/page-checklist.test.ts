import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CHECKLIST } from '../e2e/page-checklist.ts'

/** The list of what a page could notice names tests: they are there. */
const FOLDER = fileURLToPath(new URL('../e2e/', import.meta.url))

test('every group is there once, in order, and is shown by a test or says why not', () => {
  expect(CHECKLIST.map(({ number }) => number)).toEqual(Array.from({ length: 107 }, (_, at) => at + 1))
  expect(CHECKLIST.filter(({ shown, stated }) => shown.length === 0 && !stated)).toEqual([])
})

test('every test that is named exists', () => {
  const missing = CHECKLIST.flatMap(({ number, shown }) =>
    shown
      .filter(([file, name]) => !readFileSync(`${FOLDER}${file}`, 'utf8').includes(name))
      .map(([file, name]) => `${number}: ${file}: ${name}`),
  )
  expect(missing).toEqual([])
})
