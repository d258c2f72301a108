import { afterEach, expect, test, vi } from 'vitest'
import { isAmongStrangers } from '../../extension/content/ancestors.ts'

const OWN = 'https://app.example'
const SHELL = 'https://shell.example'
const THIRD = 'https://third.example'

afterEach(() => vi.unstubAllGlobals())

/** A window that may be looked into from OWN only where it is OWN's. */
function windowOf(origin: string, parent: object | null): object {
  const made = {
    get origin() {
      if (origin !== OWN) throw new DOMException('another origin', 'SecurityError')
      return origin
    },
  }
  return Object.assign(made, { parent: parent ?? made })
}

/** Stand where a document of OWN stands below these, the tab's own first. */
function below(ancestors: string[], listed: string[] | undefined): void {
  let top: object | null = null
  let parent: object | null = null
  for (const origin of ancestors) {
    parent = windowOf(origin, parent)
    top ??= parent
  }
  const own = windowOf(OWN, parent)
  vi.stubGlobal('window', own)
  vi.stubGlobal('top', top ?? own)
  vi.stubGlobal('origin', OWN)
  vi.stubGlobal('location', { ancestorOrigins: listed })
}

test.each<[tab: string[], where: boolean, elsewhere: boolean]>([
  [[], false, false],
  [[OWN], false, false],
  [[SHELL], false, false],
  [[OWN, OWN], false, false],
  [[OWN, THIRD], true, true],
  [[OWN, THIRD, OWN], true, true],
  [[OWN, OWN, THIRD], true, true],
  [[SHELL, OWN], false, false],
  [[SHELL, THIRD], true, true],
  [[SHELL, OWN, THIRD], true, true],
  // The list tells the tab's origin from a third one's; without it every foreign window is a stranger.
  [[SHELL, SHELL], false, true],
])('below %j', (ancestors, listed, unlisted) => {
  below(ancestors, ancestors.toReversed())
  expect(isAmongStrangers()).toBe(listed)
  below(ancestors, undefined)
  expect(isAmongStrangers()).toBe(unlisted)
})

test.each([
  [['null', OWN], true],
  [['null', 'null'], true],
  [[OWN, 'null', OWN], true],
  // What the tab itself is the browser tells background/.
  [['null'], false],
])('opaque and hidden ancestors %j', (listed, expected) => {
  below([], listed)
  expect(isAmongStrangers()).toBe(expected)
})
