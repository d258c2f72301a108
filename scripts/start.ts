import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Demo, setUpDemo } from './start/demo.ts'
import { Interruption } from './start/interruption.ts'
import { createNarrator, type Narrator } from './start/narrator.ts'
import { readOptions, type StartOptions, USAGE } from './start/options.ts'
import { handOver } from './start/person.ts'
import { takeTour } from './start/tour.ts'

/** `npm start`: the whole product on a machine of its own, for a person, or without a display as a told tour. */
async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (options === null) {
    console.log(USAGE)
    return 0
  }
  const tell = createNarrator()
  tell.step('Setting up: nothing of yours is touched')
  const interruption = new Interruption()
  const demo = await setUpDemo(options.browser, !options.headless, tell)
  try {
    interruption.takeOver()
    await run(demo, options, tell, interruption.happened)
  } finally {
    await demo.close()
  }
  return tell.broken === 0 ? 0 : 1
}

async function run(
  demo: Demo,
  options: StartOptions,
  tell: Narrator,
  interrupted: Promise<void>,
): Promise<void> {
  if (!options.headless) return handOver(demo, tell, interrupted)
  const pictures = options.keep ? await mkdtemp(join(tmpdir(), 'valetkey-pictures-')) : null
  const stopped = interrupted.then(() => Promise.reject(new Error('interrupted')))
  await Promise.race([takeTour(demo, tell, pictures), stopped])
  tell.step(tell.broken === 0 ? 'All of it held' : `${tell.broken} of the above did not hold`)
  if (pictures !== null) tell.line('pictures', pictures)
  tell.line('gone', 'vault, profile and key: the folders they were in are removed')
}

let code = 1
try {
  code = await main(process.argv.slice(2))
} catch (error) {
  console.error(`npm start failed: ${error instanceof Error ? error.message : String(error)}`)
}
// Not left to the event loop: the API goes on writing an answer that nobody reads any more.
process.exit(code)
