import { runInNewContext } from 'node:vm'

/** By then a host has said hello and loaded what a first call needs, ms. */
const STARTED_MS = 1500

/**
 * Have this process prefer little memory to speed, once it has started: of hundreds of streams at once most memory is garbage
 * that waits to be collected. What the start itself left behind goes at once; nothing else would collect it in a host that idles.
 *
 * Not on the command line: there it makes Node compile its own modules anew at every start, which took a third of it.
 */
export function keepHeapSmall(): void {
  setTimeout(() => void settle(), STARTED_MS).unref()
}

async function settle(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--expose-gc')
  // The flag shows in new contexts only. No text is run as code but this one.
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}
