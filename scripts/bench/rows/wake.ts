import type { Bench } from '../arena/bench.ts'
import { callOneByOne } from './calls-in-page.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup, Samples } from './row.ts'

const TURNS = 8
/** Of the extension, with no script of its own that would wake the worker unasked. */
const QUIET_PAGE = 'manifest.json'

/**
 * After the browser has stopped the extension's worker, which ends its host as well. Figures: `wake`, the worker alone; `call`,
 * a page's call, with the start of the host in it.
 */
export const WAKE: readonly RowGroup[] = [
  {
    name: 'wake',
    kind: 'start',
    only: 'chromium',
    rows: [
      {
        name: 'wake-worker',
        title: 'service worker stopped: until it answers',
        unit: 'ms',
        figure: 'wake',
        share: 0.5,
        targets: [{ of: 'figure', most: 40 }],
      },
      {
        name: 'wake-call',
        title: 'service worker stopped, and its host with it: small call',
        unit: 'ms',
        figure: 'call',
        share: 0.5,
        targets: [],
      },
    ],
    measure,
  },
]

async function measure(bench: Bench): Promise<Samples> {
  const { stage, caller, rawWire } = await bench.arena()
  const raw = await rawWire()
  const beside = await stage.driver.newPage(`${stage.driver.extensionOrigin}/${QUIET_PAGE}`)
  const stopRaw = async () => {
    const target = stage.driver.browser
      .targets()
      .find((each) => each.type() === 'service_worker' && each.url().includes(raw.id))
    await (await target?.worker())?.close()
  }
  const ask = (message: string) => `(async () => {
    const started = performance.now()
    await chrome.runtime.sendMessage('${message}').catch(() => {})
    return [performance.now() - started]
  })()`
  const wake = await inTurns(TURNS, {
    valetkey: async () => {
      await stage.driver.stopBackground()
      return (await beside.evaluate(ask('awake?'))) as number[]
    },
    'raw wire': async () => {
      await stopRaw()
      return (await raw.page.evaluate(ask('awake?'))) as number[]
    },
  })
  const call = await inTurns(TURNS, {
    valetkey: async () => {
      await stage.driver.stopBackground()
      return await callOneByOne(caller('valetkey', 'http1'), '/v1/small', 1)
    },
    'raw wire': async () => {
      await stopRaw()
      return (await raw.page.evaluate(ask('echo'))) as number[]
    },
  })
  await beside.close()
  return { wake, call }
}
