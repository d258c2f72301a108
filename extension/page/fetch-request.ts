import { ourError } from './failure.ts'
import {
  apply,
  construct,
  isGecko,
  NativeRequest,
  NativeTypeError,
  ownProperty,
  page,
  scopeName,
  sliceText,
  startsWith,
} from './primordials.ts'

const windowSelf = ownProperty(page, 'self')?.get ?? (() => {})

const CONSTRUCTOR_WORDS = isGecko ? 'Request constructor: ' : "Failed to construct 'Request': "
const FETCH_WORDS = isGecko ? `${scopeName}.fetch: ` : `Failed to execute 'fetch' on '${scopeName}': `

/**
 * The request as the platform understands `fetch`'s receiver and arguments.
 *
 * @throws what `fetch` would have rejected with, in its words; errors of the page's own getters as they are.
 */
export function buildRequest(self: unknown, args: unknown[]): Request {
  try {
    apply(windowSelf, self ?? page, [])
  } catch {
    throw ourError(
      `'fetch' called on an object that does not implement interface ${scopeName}.`,
      `${FETCH_WORDS}Illegal invocation`,
    )
  }
  try {
    return construct(NativeRequest, args) as Request
  } catch (error) {
    if (!(error instanceof NativeTypeError) || !startsWith(error.message, CONSTRUCTOR_WORDS)) throw error
    const message = FETCH_WORDS + sliceText(error.message, CONSTRUCTOR_WORDS.length)
    throw ourError(message, message)
  }
}
