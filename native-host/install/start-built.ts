import { compileProgram } from './code-cache.ts'
import { runProgram } from './run-program.ts'

// What a launcher starts in the build, as `main.mjs`. In the source tree it starts `main.ts` itself.
runProgram(compileProgram(import.meta.dirname))
