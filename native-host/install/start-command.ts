import { COMMAND, compileProgram } from './code-cache.ts'
import { runProgram } from './run-program.ts'

/** What {@link COMMAND} exports. */
interface CommandProgram {
  run(argv: readonly string[]): Promise<number>
}

// What a shell starts in the build, as `cli.mjs`. In the source tree that is `cli.ts` itself.
const { run } = runProgram(compileProgram(import.meta.dirname, COMMAND)) as CommandProgram
process.exitCode = await run(process.argv.slice(2))
