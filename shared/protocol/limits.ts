/**
 * Figures both ends of every wire rely on. No imports: the page's script bundles this file alone.
 *
 * Sources: host → browser messages over 1 MiB kill the native port in Chromium and Firefox; browser → host
 * messages over 64 MiB make Chromium's `postMessage` throw (Chrome documentation, "Native messaging").
 */

/** Version of the frames. Raised when an old peer would misread a new one; both sides refuse another version. */
export const PROTOCOL_VERSION = 1

/** The name the browsers know the native host by (`^\w+(\.\w+)*$`; Firefox allows no hyphen). */
export const HOST_NAME = 'org.valetkey.host'

/** Longest JSON text of one frame from the host, in UTF-8 bytes: below the browsers' 1 MiB by the envelope. */
export const MAX_FRAME_FROM_HOST = 1_000_000

/** Longest JSON text of one frame to the host, in UTF-8 bytes. We never send frames near the browsers' 64 MiB. */
export const MAX_FRAME_TO_HOST = 4 * 1024 * 1024

/** Most raw body bytes in one `body` or `chunk` frame. */
export const CHUNK_BYTES = 128 * 1024

/** Raw bytes one side may send on a stream before the other has given credit for them. */
export const WINDOW_BYTES = 1024 * 1024

/** Of a response a page gives credit for this many bytes at a time: a frame for every chunk would double the traffic. */
export const CREDIT_BYTES = 256 * 1024

/** Largest request body a page may send in all, in bytes. */
export const MAX_REQUEST_BODY = 512 * 1024 * 1024

/** Largest request body that a rule or an injection must hold whole in the host, in bytes. */
export const MAX_PARSED_BODY = 32 * 1024 * 1024

/** Longest URL, in characters. */
export const MAX_URL = 16_384

/** Most request headers. */
export const MAX_HEADERS = 100

/** Longest value of a request header, in characters. */
export const MAX_HEADER_VALUE = 16_384

/**
 * Most characters in the names and values of all request headers of one call. A character takes up to six bytes of JSON,
 * and a frame above {@link MAX_FRAME_TO_HOST} would end the host for everybody. Servers take less.
 */
export const MAX_HEADERS_TEXT = 262_144

/** Calls one document may have in flight at once. */
export const MAX_CALLS_PER_DOCUMENT = 200

/** How long a call may wait for the list of caught URLs before it is refused, in milliseconds. */
export const CATCHLIST_WAIT_MS = 10_000

/** How long a call of a site that was given something waits for its owner to unlock or to go on, in milliseconds. */
export const RESUME_WAIT_MS = 60_000

/** Longest name that is told of a place in a page where a key was seen, in characters: the page chooses it. */
export const MAX_PLACE_NAME = 200

/** Most origins that are told of calls that a page made without us. */
export const MAX_CALLED = 32

/** Most grants in one answer: the longest there can be fit into a frame. */
export const GRANTS_PER_PAGE = 500

/** Most vaults the heads of whose logs are kept: see `KeptHeadSchema`. */
export const MOST_HEADS = 8
