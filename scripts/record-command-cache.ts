import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMAND, cacheOf, compileProgram, packCache } from '../native-host/install/code-cache.ts'
import { runProgram } from '../native-host/install/run-program.ts'

// `record-command-cache.ts FOLDER LINES`: runs the built command once for each of the lines, which are JSON, and writes down
// its compiled code. Started by `write-command-cache.ts`.
const [folder, lines] = process.argv.splice(2)
if (folder === undefined || lines === undefined) throw new Error('a folder and what to run are wanted')
// Each run listens anew, and ours are more than a process has that runs one.
process.setMaxListeners(0)
process.stdout.setMaxListeners(0)
const program = compileProgram(folder, COMMAND)
const { run } = runProgram(program) as { run(argv: readonly string[]): Promise<number> }
for (const line of JSON.parse(lines) as string[][]) {
  const code = await run(line)
  if (code !== 0)
    throw new Error(`\`valetkey ${line.join(' ')}\` ended with ${code} while its code cache was recorded`)
}
writeFileSync(join(folder, cacheOf(COMMAND)), packCache(program))
process.exit()
