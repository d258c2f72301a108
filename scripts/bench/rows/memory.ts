import { readFileSync } from 'node:fs'
import { Wire } from '../../../test/bench/fairness-wire.ts'
import { LAUNCHED_SITE, type Launched, launchable } from '../arena/launched.ts'
import type { RowGroup, RowPlan, Samples } from './row.ts'

/** Milliseconds that streams are watched. */
const WATCHED = 4000
const STREAMS = 100
const BODY_MIB = 1024

/** Memory that the host has resident, as the system counts it. Linux. Figures: `idle`, `streams`, `body`. */
export const MEMORY: readonly RowGroup[] = [
  {
    name: 'memory',
    kind: 'memory',
    rows: [
      row('memory-idle', 'memory of the host: idle, after a call', 'idle', 70),
      row('memory-streams', 'memory of the host at most: 100 streams', 'streams', 120),
      row('memory-body', 'memory of the host at most: one body of 1 GB', 'body', 150),
    ],
    measure,
  },
]

function row(name: string, title: string, figure: string, most: number): RowPlan {
  return { name, title, unit: 'MB', figure, share: 0.5, targets: [{ of: 'figure', most }] }
}

async function measure(): Promise<Samples> {
  const built = await launchable()
  try {
    return {
      idle: { valetkey: [[await onHost(built, idle)], [await onHost(built, idle)]] },
      streams: { valetkey: [[await onHost(built, streams)]] },
      body: { valetkey: [[await onHost(built, body)]] },
    }
  } finally {
    await built.close()
  }
}

type Load = (wire: Wire, document: number, url: string) => Promise<number>

async function onHost({ launcher, url }: Launched, load: Load): Promise<number> {
  const wire = await Wire.start([launcher, 'chrome-extension://bench/'])
  try {
    return await load(wire, await wire.document(LAUNCHED_SITE), url)
  } finally {
    await wire.close()
  }
}

async function idle(wire: Wire, document: number, url: string): Promise<number> {
  await wire.ask(document, `${url}/small`).over
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return resident(wire, 'VmRSS')
}

async function streams(wire: Wire, document: number, url: string): Promise<number> {
  const begun = Array.from({ length: STREAMS }, () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const call = wire.ask(document, `${url}/events?count=100000&every=200`, { onBytes: () => resolve() })
    return { call, promise }
  })
  await Promise.all(begun.map(({ promise }) => promise))
  await new Promise((resolve) => setTimeout(resolve, WATCHED))
  const most = resident(wire, 'VmHWM')
  for (const { call } of begun) call.cancel()
  return most
}

async function body(wire: Wire, document: number, url: string): Promise<number> {
  let bytes = 0
  const onBytes = (more: number) => {
    bytes += more
  }
  const ended = await wire.ask(document, `${url}/binary?mib=${BODY_MIB}`, { onBytes }).over
  if (ended !== 'end' || bytes !== BODY_MIB * 1024 * 1024) throw new Error(`${bytes} bytes, then ${ended}`)
  return resident(wire, 'VmHWM')
}

/** MB. @param of `VmRSS`: now; `VmHWM`: the most there ever was. */
function resident(wire: Wire, of: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${wire.process.pid}/status`, 'utf8')
  return (Number(new RegExp(`${of}:\\s+(\\d+)`).exec(status)?.[1]) * 1024) / 1e6
}
