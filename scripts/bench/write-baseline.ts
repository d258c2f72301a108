import { writeFile } from 'node:fs/promises'
import { BASELINE, measureRatios, type Ratios } from '../../test/bench/gate/judge.ts'
import { percentile } from './table.ts'

const RUNS = 5

/** Measure the gate's ratios anew and write the middle of several runs where the tests read them. */
export async function writeBaseline(): Promise<void> {
  const runs: Ratios[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const ratios = await measureRatios()
    runs.push(ratios)
    console.log(JSON.stringify(ratios))
  }
  const names = Object.keys(runs[0] ?? {})
  const middle = names.map((name) => [
    name,
    percentile(
      runs.map((ratios) => ratios[name] ?? Number.NaN),
      0.5,
    ),
  ])
  const text = `${JSON.stringify(Object.fromEntries(middle), null, 2)}\n`
  await writeFile(BASELINE, text)
  console.log(`${BASELINE}:\n${text}`)
}
