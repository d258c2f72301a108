/** The recording that is written down, as the servers know it. */
export const RECORDING = Uint8Array.from({ length: 50_000 }, (_, at) => (at * 13) & 0xff)
