import {
  defineProperty,
  getOwnPropertyDescriptor,
  indexOf,
  isGecko,
  joinText,
  matches,
  NativeTypeError,
  splitText,
} from './primordials.ts'

const stackOf = (error: unknown): string => {
  const stack = (error as { stack?: unknown }).stack
  return typeof stack === 'string' ? stack : ''
}

/** This script's own address as it appears in stacks: `chrome-extension://…`, in Firefox a name without address. */
const ownAddress = matches(
  /[a-z]+-extension:\/\/[^\s)]*?\.js|<anonymous code>/,
  stackOf(new NativeTypeError()),
)?.[0]

/**
 * Take this script's frames out of an error made here: its address names the extension and where in it.
 * Errors of the browser's own making keep everything else.
 */
export function withoutOurFrames<E>(error: E): E {
  if (ownAddress === undefined || typeof error !== 'object' || error === null) return error
  const lines = splitText(stackOf(error), '\n')
  const kept: string[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    if (indexOf(line, ownAddress) < 0) kept[kept.length] = line
  }
  if (kept.length === lines.length) return error
  hide(error, 'stack', joinText(kept, '\n'))
  if (getOwnPropertyDescriptor(error, 'fileName')) hide(error, 'fileName', location.href)
  return error
}

const hide = (error: object, key: string, value: string): boolean =>
  defineProperty(error, key, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
    __proto__: null,
  } as PropertyDescriptor)

/** What `fetch` rejects with where there is no response: the browser's own words. */
export const noResponse = (): TypeError =>
  withoutOurFrames(
    new NativeTypeError(isGecko ? 'NetworkError when attempting to fetch resource.' : 'Failed to fetch'),
  )

/** What the reader of a body gets where the rest of it will not come: the browser's own words. */
export const bodyCut = (): TypeError =>
  withoutOurFrames(new NativeTypeError(isGecko ? 'Error in input stream' : 'network error'))
