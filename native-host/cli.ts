import { run } from './cli/run.ts'

/** The `valetkey` command. See `cli/program.ts` for what there is. */
process.exitCode = await run(process.argv.slice(2))
