import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** By name of the figure: our work ÷ the bare work. Less is better. */
export type Ratios = Readonly<Record<string, number>>

/** The ratios that were committed, as `npm run bench -- --write-baseline` writes them. */
export const BASELINE = fileURLToPath(new URL('../baseline.json', import.meta.url))
const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url))

/** A ratio may be so much worse than its baseline. */
export const TOLERANCE = 1.25
/** How often a figure is measured before it counts as worse: what else runs on a machine can make it worse, never better. */
export const ATTEMPTS = 5

/** A figure that stayed worse through all attempts. */
export interface Worse {
  readonly name: string
  /** The best of all attempts. */
  readonly ratio: number
  readonly baseline: number
}

/** Measure in a process of its own. @param names none: all. @throws where it fails. */
export async function measureRatios(names: readonly string[] = []): Promise<Ratios> {
  const child = spawn(process.execPath, [MEASURE, ...names], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the gate could not be measured: ${code}`)
  return JSON.parse(text) as Ratios
}

/** The committed ratios. */
export async function readBaseline(): Promise<Ratios> {
  return JSON.parse(await readFile(BASELINE, 'utf8')) as Ratios
}

/**
 * Hold ratios against their baseline; what is worse is measured again, and its best counts.
 *
 * @param measure as {@link measureRatios}. @returns what stayed worse. @throws where a figure of the baseline was not measured.
 */
export async function judge(
  baseline: Ratios,
  measure: typeof measureRatios = measureRatios,
): Promise<Worse[]> {
  const best = new Map<string, number>()
  const worse = () =>
    Object.entries(baseline)
      .map(([name, ratio]) => ({ name, ratio: best.get(name) ?? Number.POSITIVE_INFINITY, baseline: ratio }))
      .filter(({ ratio, baseline: committed }) => !(ratio <= TOLERANCE * committed))
  for (let attempt = 1; attempt <= ATTEMPTS && worse().length > 0; attempt += 1) {
    const measured = await measure(attempt === 1 ? [] : worse().map(({ name }) => name))
    for (const [name, ratio] of Object.entries(measured))
      best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, ratio))
    const missing = Object.keys(baseline).find((name) => !best.has(name))
    if (missing !== undefined) throw new Error(`\`${missing}\` is in the baseline and was not measured`)
  }
  return worse()
}
