import type { BenchPage, BenchPages } from './bench-pages.ts'
import type { Pair } from './table.ts'

type Way = 'direct' | 'brokered'

/** Time of a small JSON call, one after another, in milliseconds. Rounds of both ways alternate, so that both meet the same machine. */
export async function measureSmallCalls(pages: BenchPages, rounds: number, calls: number): Promise<Pair> {
  const url = `${pages.url}/v1/small`
  return await alternate(pages, rounds, ({ page, headers }) =>
    page.evaluate(
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
      url,
      headers,
      calls,
    ),
  )
}

/** Of event streams: time to the first chunk, and how long after the API sent it a chunk reached the page; milliseconds. */
export async function measureStreams(
  pages: BenchPages,
  rounds: number,
): Promise<{ first: Pair; delay: Pair }> {
  const delay: Pair = { direct: [], brokered: [] }
  const url = `${pages.url}/v1/clock?events=25&every=20`
  const first = await alternate(pages, rounds, async ({ page, headers }, way) => {
    const seen = await page.evaluate(readStream, url, headers)
    delay[way].push(...seen.delays)
    return [seen.first]
  })
  return { first, delay }
}

/** Speed of a large body down, in MB/s. */
export async function measureBodies(pages: BenchPages, rounds: number, mib: number): Promise<Pair> {
  const url = `${pages.url}/v1/bytes?mib=${mib}`
  return await alternate(pages, rounds, ({ page, headers }) =>
    page.evaluate(
      async (target, sent) => {
        const started = performance.now()
        const reader = (await fetch(target, { headers: sent })).body?.getReader()
        let bytes = 0
        for (;;) {
          const next = await reader?.read()
          if (next === undefined || next.done) break
          bytes += next.value.length
        }
        return [bytes / 1000 / (performance.now() - started)]
      },
      url,
      headers,
    ),
  )
}

/** One unmeasured round of each way, then rounds of both in turn. */
async function alternate(
  pages: BenchPages,
  rounds: number,
  run: (page: BenchPage, way: Way) => Promise<number[]>,
): Promise<Pair> {
  const pair: Pair = { direct: [], brokered: [] }
  for (let round = -1; round < rounds; round++) {
    const ways: Way[] = round % 2 === 0 ? ['direct', 'brokered'] : ['brokered', 'direct']
    for (const way of ways) {
      await pages[way].page.bringToFront()
      const samples = await run(pages[way], way)
      if (round >= 0) pair[way].push(...samples)
    }
  }
  return pair
}

/** Runs in the page. The events carry the API's clock, which is this machine's. */
async function readStream(
  url: string,
  headers: Record<string, string>,
): Promise<{ first: number; delays: number[] }> {
  const started = performance.now()
  const response = await fetch(url, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const delays: number[] = []
  let first = -1
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return { first, delays }
    if (first < 0) first = performance.now() - started
    const now = performance.timeOrigin + performance.now()
    for (const [, at] of next.value.matchAll(/"at":([\d.]+)/g)) delays.push(now - Number(at))
  }
}
