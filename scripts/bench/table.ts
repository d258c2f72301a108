/** The same figure measured both ways. */
export interface Pair {
  direct: number[]
  brokered: number[]
}

export interface Row {
  name: string
  unit: string
  direct: number
  brokered: number
}

/** A value below which a share of the samples lies; nearest rank. NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** One line of the table: a percentile of each. */
export function row(name: string, unit: string, pair: Pair, share: number): Row {
  return { name, unit, direct: percentile(pair.direct, share), brokered: percentile(pair.brokered, share) }
}

/** Print figures and ratios (brokered ÷ direct) in columns. */
export function printTable(rows: readonly Row[]): void {
  const lines = [
    ['', 'direct', 'brokered', 'ratio'],
    ...rows.map(({ name, unit, direct, brokered }) => [
      name,
      `${direct.toFixed(2)} ${unit}`,
      `${brokered.toFixed(2)} ${unit}`,
      `${(brokered / direct).toFixed(2)} ×`,
    ]),
  ]
  for (const [name = '', ...figures] of lines) {
    console.log(name.padEnd(36) + figures.map((figure) => figure.padStart(16)).join(''))
  }
}
