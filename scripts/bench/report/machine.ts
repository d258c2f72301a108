import { readFile } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** What was measured on. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** GiB. */
  readonly memory: number
  /** Processes that wanted to run in the minute before, on average. */
  readonly load: number
  readonly system: string
  readonly node: string
  /** Name and version; null where no browser was started. */
  readonly browser: string | null
}

/** Look at this machine. To be called before anything is measured: the load is that of before. */
export async function thisMachine(): Promise<Omit<Machine, 'browser'>> {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    system: await systemName(),
    node: process.version,
  }
}

/** In one line. */
export function machineWords({ cpu, cores, memory, load, system, node, browser }: Machine): string {
  const browsers = browser === null ? [] : [browser]
  const parts = [`${cpu}, ${cores} cores`, `${memory} GiB`, system, ...browsers, `Node ${node.slice(1)}`]
  return `${parts.join('; ')}; load before ${load}`
}

async function systemName(): Promise<string> {
  const file = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const pretty = /^PRETTY_NAME="(.*)"$/m.exec(file)?.[1]
  return `${pretty ?? type()}, kernel ${release()}`
}
