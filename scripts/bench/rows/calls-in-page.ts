import type { CallingPage } from '../arena/arena.ts'

/** Calls one after another. @returns milliseconds of each, to the end of its parsed body. */
export async function callOneByOne(
  { page, url, headers }: CallingPage,
  path: string,
  calls: number,
): Promise<number[]> {
  await page.bringToFront()
  return await page.evaluate(
    async (target, sent, times) => {
      const took: number[] = []
      for (let at = 0; at < times; at++) {
        const started = performance.now()
        const response = await fetch(target, { headers: sent })
        await response.json()
        if (!response.ok) throw new Error(`status ${response.status}`)
        took.push(performance.now() - started)
      }
      return took
    },
    url(path),
    headers,
    calls,
  )
}

/** Calls all at once. @returns how many a second. */
export async function callAtOnce(
  { page, url, headers }: CallingPage,
  path: string,
  calls: number,
): Promise<number> {
  await page.bringToFront()
  return await page.evaluate(
    async (target, sent, times) => {
      const one = async () => {
        const response = await fetch(target, { headers: sent })
        await response.json()
        if (!response.ok) throw new Error(`status ${response.status}`)
      }
      const started = performance.now()
      await Promise.all(Array.from({ length: times }, one))
      return (times * 1000) / (performance.now() - started)
    },
    url(path),
    headers,
    calls,
  )
}
