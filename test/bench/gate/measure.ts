import { FIGURES, ratioOf } from './figures.ts'
import { startHosts } from './hosts.ts'
import { PAIRS, pairRatio } from './in-process.ts'

// Prints the gate's ratios as JSON, by name. `node test/bench/gate/measure.ts [NAME…]`. A program of its own: a test runner
// changes the code it runs.

const names = process.argv.slice(2)
const wanted = (name: string) => names.length === 0 || names.includes(name)
const ratios: Record<string, number> = {}
const keep = (name: string, ratio: number) => (ratios[name] = Math.round(1000 * ratio) / 1000)

const figures = FIGURES.filter(({ name }) => wanted(name))
if (figures.length > 0) {
  const hosts = await startHosts()
  try {
    for (const figure of figures) keep(figure.name, await ratioOf(hosts, figure))
  } finally {
    await hosts.close()
  }
}
for (const [name, make] of Object.entries(PAIRS)) if (wanted(name)) keep(name, await pairRatio(make))
console.log(JSON.stringify(ratios))
