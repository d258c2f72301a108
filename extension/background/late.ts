import * as frames from './read-frames.ts'
import * as orders from './read-orders.ts'

/**
 * The schemas, made when something is first checked by them and not when the background starts: to make them takes longer than
 * all else of a start, and whoever woke us waits for that. In the build the modules behind these run at the first call
 * (`scripts/late-modules.ts`); in the source at once.
 */

/** Of calls and of the host's wire. */
export const lateFrames = (): typeof frames => frames
/** Of orders. */
export const lateOrders = (): typeof orders => orders
