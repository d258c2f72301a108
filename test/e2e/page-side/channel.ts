import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { done, times } from '../../support/hard.ts'
import { holderAt } from '../../support/pages/situation-server.ts'
import { call } from '../in-page.ts'
import { type RawWire, rawWire } from '../raw-wire.ts'
import type { Scene } from '../scene.ts'
import type { PageSide } from './stage.ts'

/** Values that fit no field, or the wrong one. */
const ODD: unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    77_777,
    1.5,
    2 ** 53,
    1e308,
    '',
    'x',
    '\u0000',
    '\ud800',
    'GET',
    '__proto__',
    '/',
  ],
  ...[
    [],
    [[]],
    [['a']],
    [['a', 'b', 'c']],
    [[1, 2]],
    {},
    { length: 1 },
    { toString: 'x' },
    [null],
    'x'.repeat(100_000),
  ],
]
const TYPES = [
  'ask',
  'body',
  'body-end',
  'credit',
  'cancel',
  'head',
  'chunk',
  'end',
  'cut',
  'problem',
  'catch',
  'gone',
  'hello',
  'document',
]
const FIELDS = [
  'id',
  'type',
  'method',
  'headers',
  'hasBody',
  'bodyLength',
  'redirect',
  'integrity',
  'cache',
  'sender',
  'base64',
  'bytes',
  'baseUrls',
  'document',
  'witnessed',
  'origin',
  'session',
]

/** What a page may say on its line to the isolated script, and to whom that matters. */
export function defineChannel(scene: Scene, side: () => PageSide): void {
  const small = (mark: string) => `${side().upstream.url}/v1/small?${mark}`
  const arrived = (mark: string) =>
    side().upstream.journal.calls.filter(({ target }) => target.endsWith(`?${mark}`)).length

  async function expectServed(page: Page): Promise<void> {
    expect(await call(page, small('unhurt'))).toMatchObject({ status: 200, problem: null })
  }

  async function openWire(): Promise<{ page: Page; victim: Page; wire: RawWire }> {
    const page = await scene.open(`${side().sites.bank}/`)
    const victim = await scene.open(`${side().sites.bank}/`)
    return { page, victim, wire: await rawWire(page) }
  }

  test('frames whose every field is wrong reach nobody', async () => {
    const { page, victim, wire } = await openWire()
    const whole = {
      method: 'GET',
      url: small('forged'),
      headers: [],
      hasBody: false,
      bodyLength: 0,
      redirect: 'follow',
      integrity: '',
      cache: 'default',
    }
    const frames = TYPES.flatMap((type) =>
      FIELDS.flatMap((field) => ODD.map((odd, at) => ({ ...whole, type, id: 1_000_000 + at, [field]: odd }))),
    )
    const sent = frames.filter((_, at) => at % times(4, 1) === 0)
    for (let from = 0; from < sent.length; from += 500) await wire.post(sent.slice(from, from + 500))
    expect(await wire.ask(small('after-forged'))).toMatchObject({ type: 'head', status: 200 })
    await expectServed(victim)
    // Whatever was carried was a plain GET of this address: no forged field came through.
    const odd = side().upstream.journal.calls.filter(
      ({ target, method }) => target.endsWith('?forged') && method !== 'GET',
    )
    expect(odd).toEqual([])
    done(`forged frames from a page, in ${scene.browserName}`, sent.length)
    await Promise.all([page.close(), victim.close()])
  })

  test('a frame that is sent again while its call is open is no second call', async () => {
    const { page, victim, wire } = await openWire()
    // Never answered: one that is would be over at some moment, and what is sent again then is a call of its own.
    const url = `${side().upstream.url}/v1/never?again`
    const id = await wire.start(url)
    const ask = {
      type: 'ask',
      id,
      method: 'GET',
      url,
      headers: [],
      hasBody: false,
      bodyLength: 0,
      redirect: 'follow',
      integrity: '',
      cache: 'default',
    }
    await wire.repeat(ask, 200)
    expect(await wire.ask(small('after'))).toMatchObject({ type: 'head', status: 200 })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const calls = () => side().upstream.journal.calls.filter(({ target }) => target.endsWith('?again'))
    await eventually('it is there', calls, ({ length }) => length > 0)
    expect(calls()).toHaveLength(1)
    await expectServed(victim)
    await Promise.all([page.close(), victim.close()])
  })

  test('things that are hard to copy end with the page that sent them', async () => {
    const { page, victim, wire } = await openWire()
    const nested = `(() => { let deep = []; for (let at = 0; at < 2000; at++) deep = [deep]; return deep })()`
    await page.evaluate(`for (const bomb of [
      ${nested}, { type: 'ask', id: 7, headers: ${nested} }, { type: 'ask', id: 8, headers: new Array(1e6).fill(['a', 'b']) },
      new Map([[${nested}, new Set([1])]]), { type: 'body', id: 9, base64: 'A'.repeat(2e7) }, { id: 10, type: new ArrayBuffer(3e7) },
      (() => { const self = { type: 'cancel', id: 11 }; self.self = self; return self })(),
      { get type() { return 'ask' }, id: 12 }, new Error('x'), new Date(NaN), new Blob(['x']), /x/g, 10n,
    ]) raw.post([bomb])`)
    expect(await wire.ask(small('after-bombs'))).toMatchObject({ type: 'head', status: 200 })
    await expectServed(victim)
    await Promise.all([page.close(), victim.close()])
  })

  test('messages of other windows, and events a page makes up, are nobody’s calls', async () => {
    const { bank, other } = side().sites
    const page = await scene.open(holderAt(other, `${bank}/`))
    await page.evaluate(forgeFromOutside, small('outside'))
    const own = await scene.open(`${bank}/`)
    const taken = await own.evaluate(forgeEvents, small('made-up'))
    expect(taken).toEqual({ taken: false, answers: 0 })
    expect([arrived('outside'), arrived('made-up')]).toEqual([0, 0])
    await expectServed(own)
    await Promise.all([page.close(), own.close()])
  })
}

/** Runs in a page that frames a granted one: all it can do to that window is `postMessage`. */
function forgeFromOutside(url: string): void {
  const frame = document.querySelector('iframe')?.contentWindow
  const ask = {
    type: 'ask',
    id: 1,
    method: 'GET',
    url,
    headers: [],
    hasBody: false,
    bodyLength: 0,
    redirect: 'follow',
    integrity: '',
    cache: 'default',
  }
  for (const type of ['valetkey-port', 'valetkey-pair', 'message', 'page']) {
    const { port1, port2 } = new MessageChannel()
    port1.postMessage(ask)
    frame?.postMessage({ ...ask, type }, '*', [port2])
    frame?.postMessage(ask, '*')
  }
}

/** Runs in a granted page after our scripts have met: a second port is not taken, whoever it says it is from. */
async function forgeEvents(url: string): Promise<{ taken: boolean; answers: number }> {
  const ask = {
    type: 'ask',
    id: 1,
    method: 'GET',
    url,
    headers: [],
    hasBody: false,
    bodyLength: 0,
    redirect: 'follow',
    integrity: '',
    cache: 'default',
  }
  let taken = false
  let answers = 0
  for (const origin of [location.origin, '', 'null', 'chrome-extension://x']) {
    for (const source of [window, parent, null]) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        answers++
      }
      const event = new MessageEvent('valetkey-port', {
        ports: [port2],
        origin,
        source,
        cancelable: true,
        data: ask,
      })
      taken ||= !dispatchEvent(event)
      dispatchEvent(new MessageEvent('message', { ports: [port2], origin, source, data: ask }))
      port1.postMessage(ask)
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 300))
  return { taken, answers }
}
