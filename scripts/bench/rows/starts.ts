import { spawn } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Wire } from '../../../test/bench/fairness-wire.ts'
import { LAUNCHED_SITE, type Launched, launchable } from '../arena/launched.ts'
import { RAW_HOST } from '../arena/raw-wire-sources.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup, Samples } from './row.ts'

const TURNS = 14

/** From starting the registered launcher. Figures: `frame`, `answer`. */
export const STARTS: readonly RowGroup[] = [
  {
    name: 'start',
    kind: 'start',
    rows: [
      {
        name: 'start-frame',
        title: 'cold host to its first frame',
        unit: 'ms',
        figure: 'frame',
        share: 0.5,
        targets: [{ of: 'figure', most: 90 }],
      },
      {
        name: 'start-answer',
        title: 'cold host to the answer of a first call',
        unit: 'ms',
        figure: 'answer',
        share: 0.5,
        targets: [{ of: 'figure', most: 90 }],
      },
    ],
    measure,
  },
]

async function measure(): Promise<Samples> {
  const built = await launchable()
  const answers: number[][] = []
  try {
    const tiny = await tinyHost(built.folder)
    const frame = await inTurns(TURNS, {
      valetkey: async () => {
        const { first, answer } = await startOnce(built)
        answers.push([answer])
        return [first]
      },
      'tiny host': async () => [await echoOnce(tiny)],
    })
    // The turn that warms up left its answer as well.
    return { frame, answer: { valetkey: answers.slice(1) } }
  } finally {
    await built.close()
  }
}

/** Milliseconds. */
async function startOnce({ launcher, url }: Launched): Promise<{ first: number; answer: number }> {
  const started = performance.now()
  const wire = await Wire.start([launcher, 'chrome-extension://bench/'])
  const first = performance.now() - started
  const document = await wire.document(LAUNCHED_SITE)
  const ended = await wire.ask(document, `${url}/small`).over
  const answer = performance.now() - started
  await wire.close()
  if (ended !== 'end') throw new Error(`the first call ended with ${ended}`)
  return { first, answer }
}

/** The tiny host of the raw wire: a shell, Node and a few lines. */
async function tinyHost(folder: string): Promise<string> {
  const [program, launcher] = [join(folder, 'tiny.mjs'), join(folder, 'tiny.sh')]
  await writeFile(program, RAW_HOST)
  await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' '${program}'\n`)
  await chmod(launcher, 0o700)
  return launcher
}

async function echoOnce(launcher: string): Promise<number> {
  const started = performance.now()
  const child = spawn(launcher, [], { stdio: ['pipe', 'pipe', 'inherit'], env: {} })
  const body = Buffer.from('{"echo":"hello"}')
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  child.stdin.write(Buffer.concat([head, body]))
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('error', reject)
  })
  const took = performance.now() - started
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  await ended
  return took
}
