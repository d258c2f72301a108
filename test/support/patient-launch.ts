/** As long as the longest test, ms: its own limit ends what hangs. */
const LONGEST_MS = 300_000

/**
 * How long a browser may take to start, and for one order. What runs in a page may be a download of 200 MB on a machine with other
 * work; the driver's own 30 seconds and three minutes are for machines with none.
 */
export const PATIENT_LAUNCH = { timeout: LONGEST_MS, protocolTimeout: LONGEST_MS }
