/** The file that is uploaded, as the server knows it. */
export const FILE_BYTES = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff)
export const PIECE_BYTES = 120_000

/** Of an address that a server gave to something. */
export const pathOf = (url) => new URL(url, 'http://nowhere.test').pathname
