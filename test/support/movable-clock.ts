import { readFileSync } from 'node:fs'

/**
 * Loaded before a program (`node --import`): its wall clock runs as many milliseconds ahead as the file named by
 * `MOVABLE_CLOCK` says, or stands still at the time after an `=`. The monotonic clock is left alone. For tests of real
 * processes: the product knows nothing of it.
 */
const file = process.env.MOVABLE_CLOCK ?? ''
const real = Date.now.bind(Date)

Date.now = () => {
  const said = readFileSync(file, 'utf8').trim()
  return said.startsWith('=') ? Number(said.slice(1)) : real() + Number(said === '' ? 0 : said)
}
