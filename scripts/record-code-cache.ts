import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import {
  type CompiledProgram,
  cacheOf,
  compileProgram,
  PROGRAM,
  packCache,
} from '../native-host/install/code-cache.ts'
import { runProgram } from '../native-host/install/run-program.ts'

// `record-code-cache.ts FOLDER …`: runs the built host with the rest of the arguments, and writes down its compiled code when
// told to. Started by `write-code-cache.ts`.
const [folder] = process.argv.splice(2, 1)
if (folder === undefined) throw new Error('the folder of the built host is wanted')
const compiled: Record<string, CompiledProgram> = {}
process.once('message', () => {
  // A host that has run for a while has set it, and V8 takes a cache only under the flags of its recording.
  setFlagsFromString('--no-optimize-for-size')
  for (const [name, program] of Object.entries(compiled))
    writeFileSync(join(folder, cacheOf(name)), packCache(program))
  process.exit()
})
runProgram(compile(folder), compile)

function compile(within: string, name: string = PROGRAM): CompiledProgram {
  const program = compileProgram(within, name)
  compiled[name] = program
  return program
}
