import { fileURLToPath } from 'node:url'
import { importFaults } from './lint/import-faults.ts'
import { readSources } from './lint/read-sources.ts'

/** Whether every room imports only what the plan lets it; the other half of `npm run lint`. */
const faults = importFaults(await readSources(fileURLToPath(new URL('..', import.meta.url))))
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
