import type { Caller, CallingPage } from '../arena/arena.ts'
import type { Bench } from '../arena/bench.ts'
import { inTurns } from './in-turns.ts'
import type { Competitor, RowGroup, Samples, Target } from './row.ts'

/** Of each body. */
const MIB = 50
const BYTES = MIB * 1024 * 1024
const TURNS = 4

interface Body {
  readonly name: string
  readonly title: string
  readonly path: string
  readonly direction: 'down' | 'up'
  /** Whose ratio counts. */
  readonly against: Competitor
  readonly least: number
}

const BODIES: readonly Body[] = [
  {
    name: 'binary-down',
    title: '50 MB binary down',
    path: `/v1/binary?mib=${MIB}`,
    direction: 'down',
    against: 'raw wire',
    least: 0.9,
  },
  {
    name: 'json-down',
    title: '50 MB JSON down',
    path: `/v1/json?mib=${MIB}`,
    direction: 'down',
    against: 'direct, with preflight',
    least: 0.5,
  },
  {
    name: 'gzip-down',
    title: '50 MB JSON down, sent packed',
    path: `/v1/json?mib=${MIB}&gzip`,
    direction: 'down',
    against: 'direct, with preflight',
    least: 0.5,
  },
  {
    name: 'binary-up',
    title: '50 MB binary up',
    path: '/v1/sink',
    direction: 'up',
    against: 'raw wire',
    least: 0.8,
  },
]

/** Large bodies, in both directions. Figures: `speed`. The raw wire has no Firefox: there its rows have no target. */
export const LARGE_BODIES: readonly RowGroup[] = BODIES.map((body) => ({
  name: body.name,
  kind: 'bodies',
  rows: [
    {
      name: `${body.name}-speed`,
      title: body.title,
      unit: 'MB/s',
      figure: 'speed',
      share: 0.5,
      targets: [{ of: 'ratio', against: body.against, least: body.least } satisfies Target],
    },
  ],
  ...(body.against === 'raw wire' ? { only: 'chromium' as const } : {}),
  measure: (bench) => measure(bench, body),
}))

async function measure(bench: Bench, { path, direction }: Body): Promise<Samples> {
  const arena = await bench.arena()
  const raw = bench.browser === 'chromium' ? await arena.rawWire() : null
  const speed = (who: Caller) => async () => {
    const page = arena.caller(who, 'http1')
    return [direction === 'down' ? await down(page, path) : await up(page, path)]
  }
  const wire = async () => {
    await raw?.page.bringToFront()
    return [(await raw?.page.evaluate(`${direction}(${BYTES})`)) as number]
  }
  return {
    speed: await inTurns(TURNS, {
      valetkey: speed('valetkey'),
      'direct, with preflight': speed('direct, with preflight'),
      'loopback proxy': speed('loopback proxy'),
      ...(raw === null ? {} : { 'raw wire': wire }),
    }),
  }
}

/** MB/s to the last byte at the page. */
async function down({ page, url, headers }: CallingPage, path: string): Promise<number> {
  await page.bringToFront()
  return await page.evaluate(
    async (target, sent, wanted) => {
      const started = performance.now()
      const reader = (await fetch(target, { headers: sent })).body?.getReader()
      let bytes = 0
      for (;;) {
        const next = await reader?.read()
        if (next === undefined || next.done) break
        bytes += next.value.length
      }
      if (bytes !== wanted) throw new Error(`${bytes} bytes came`)
      return bytes / 1000 / (performance.now() - started)
    },
    url(path),
    headers,
    BYTES,
  )
}

/** MB/s from the call to the answer, which the service gives when it has all. */
async function up({ page, url, headers }: CallingPage, path: string): Promise<number> {
  await page.bringToFront()
  return await page.evaluate(
    async (target, sent, size) => {
      const body = new Uint8Array(size)
      for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(body.subarray(at, at + 65_536))
      const started = performance.now()
      const type = { 'content-type': 'application/octet-stream' }
      const response = await fetch(target, { method: 'POST', headers: { ...sent, ...type }, body })
      const { bytes } = (await response.json()) as { bytes: number }
      if (bytes !== size) throw new Error(`${bytes} bytes arrived`)
      return size / 1000 / (performance.now() - started)
    },
    url(path),
    headers,
    BYTES,
  )
}
