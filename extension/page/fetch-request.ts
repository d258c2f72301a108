import { withoutOurFrames } from './failure.ts'
import {
  apply,
  construct,
  getOwnPropertyDescriptor,
  isGecko,
  NativeRequest,
  NativeTypeError,
  page,
  sliceText,
  startsWith,
} from './primordials.ts'

const windowSelf = getOwnPropertyDescriptor(page, 'self')?.get ?? (() => undefined)

const CONSTRUCTOR_WORDS = isGecko ? 'Request constructor: ' : "Failed to construct 'Request': "
const FETCH_WORDS = isGecko ? 'Window.fetch: ' : "Failed to execute 'fetch' on 'Window': "
const WRONG_RECEIVER = isGecko
  ? "'fetch' called on an object that does not implement interface Window."
  : "Failed to execute 'fetch' on 'Window': Illegal invocation"

/**
 * The request as the platform understands `fetch`'s receiver and arguments.
 *
 * @throws what `fetch` would have rejected with, in its words; errors of the page's own getters as they are.
 */
export function buildRequest(self: unknown, args: unknown[]): Request {
  if (self !== undefined && self !== null && !isWindow(self)) throw ourError(WRONG_RECEIVER)
  try {
    return construct(NativeRequest, args) as Request
  } catch (error) {
    if (!(error instanceof NativeTypeError) || !startsWith(error.message, CONSTRUCTOR_WORDS)) throw error
    throw ourError(FETCH_WORDS + sliceText(error.message, CONSTRUCTOR_WORDS.length))
  }
}

const ourError = (message: string): TypeError => withoutOurFrames(new NativeTypeError(message))

function isWindow(value: unknown): boolean {
  try {
    apply(windowSelf, value, [])
    return true
  } catch {
    return false
  }
}
