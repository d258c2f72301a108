import {
  defineProperty,
  indexOf,
  isGecko,
  matches,
  NativeTypeError,
  ownProperty,
  splitText,
} from './primordials.ts'

const stackOf = (error: unknown): string => {
  const { stack } = error as { stack?: unknown }
  return typeof stack === 'string' ? stack : ''
}

/** This script's own address as it appears in stacks: `chrome-extension://…`, in Firefox a name without address, in a worker a blob's. */
const ownAddress = matches(
  /[a-z]+-extension:\/\/[^\s)]*?\.js|<anonymous code>|blob:[^\s)]*\/[\w-]{36}/,
  stackOf(new NativeTypeError()),
)?.[0]

/**
 * Take this script's frames out of an error made here: its address names the extension and where in it.
 * Errors of the browser's own making keep everything else.
 */
export function withoutOurFrames<E>(error: E): E {
  if (typeof error !== 'object' || error === null) return error
  const stack = stackOf(error)
  const lines = splitText(stack, '\n')
  let kept = ''
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    if (ownAddress === undefined || indexOf(line, ownAddress) < 0) kept += i > 0 ? `\n${line}` : line
  }
  if (kept === stack) return error
  hide(error, 'stack', kept)
  if (ownProperty(error, 'fileName')) hide(error, 'fileName', location.href)
  return error
}

const hide = (error: object, key: string, value: string): boolean =>
  defineProperty(error, key, {
    value,
    writable: true,
    configurable: true,
    __proto__: null,
  } as PropertyDescriptor)

/** An error of this script's making, in the words of the browser. */
export const ourError = (gecko: string, other: string): TypeError =>
  withoutOurFrames(new NativeTypeError(isGecko ? gecko : other))

/** What `fetch` rejects with where there is no response: the browser's own words. */
export const noResponse = (): TypeError =>
  ourError('NetworkError when attempting to fetch resource.', 'Failed to fetch')

/** What the reader of a body gets where the rest of it will not come: the browser's own words. */
export const bodyCut = (): TypeError => ourError('Error in input stream', 'network error')
