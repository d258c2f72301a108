import type { Page } from 'puppeteer-core'
import type { Poison } from './poisons.ts'

/**
 * When a window is spoiled: before our script is in it; after, while it does not know yet which calls to catch; or later, once a
 * caught call has been answered. The last two are different ways through our script.
 */
export type When = 'before' | 'after' | 'later'

export interface Spoiling extends Poison {
  readonly when: When
}

export interface SpoiledOutcome {
  readonly name: string
  readonly when: When
  /** Whether what was spoiled is the window that our script came into. */
  readonly isKept: boolean
  /** Of the calls, in the order of {@link CALLS}: a status and a text, or the name of an error, or nothing in time. */
  readonly ends: string[]
}

/** What is called in each window: by what, and to where. */
export const CALLS = ['fetch caught', 'xhr caught', 'fetch native', 'xhr native'] as const

/** Spoil windows of the page's own origin, a few at a time, and call from them. */
export function spoilFrames(
  page: Page,
  plan: Spoiling[],
  api: string,
  placeholder: string,
): Promise<SpoiledOutcome[]> {
  return page.evaluate(runPlan, plan, api, placeholder, FIRST_CALL)
}

/** Where a call of {@link CALLS} goes. */
export const targetOf = (
  api: string,
  call: number,
  { name, when }: Pick<Spoiling, 'name' | 'when'>,
): string => `${api}/${call < 2 ? 'v1' : 'native'}/small?${encodeURIComponent(`${when} ${name}`)}&${call}`

/** What a window that is spoiled later asks for first. */
export const FIRST_CALL = '/v1/small?unhurt'

/** Runs in the page. */
async function runPlan(
  plan: Spoiling[],
  api: string,
  placeholder: string,
  firstCall: string,
): Promise<SpoiledOutcome[]> {
  Object.assign(globalThis, { overheard: [] })
  const { then } = Promise.prototype
  const settle = (promise: unknown, yes: (value: never) => void, no: (error: Error) => void) =>
    Reflect.apply(then, promise, [yes, no])

  async function one({ name, source, when }: Spoiling): Promise<SpoiledOutcome> {
    const frame = document.createElement('iframe')
    frame.srcdoc = '<!doctype html><head></head><body>'
    document.body.append(frame)
    const first = frame.contentWindow as Window & typeof globalThis & { isSpoiled?: true }
    const loaded = new Promise((resolve) => {
      frame.onload = resolve
      // Where the page broke the load of its own frame. What is not spoiled yet loads, however slow the machine is: our
      // script is not in the window that is there before.
      setTimeout(resolve, when === 'before' ? 1500 : 30_000)
    })
    if (when === 'before') {
      first.isSpoiled = true
      new first.Function(source)()
    }
    await loaded
    const inner = frame.contentWindow as typeof first
    if (when === 'later') await inner.fetch(`${api}${firstCall}`)
    const initOf = new inner.Function(
      'placeholder',
      "return { method: 'POST', headers: { authorization: 'Bearer ' + placeholder, 'x-mark': 'asked' }, body: 'asked-body' }",
    )
    const { fetch: called, XMLHttpRequest: Xhr } = inner
    const { open, setRequestHeader, send } = Xhr.prototype
    if (when !== 'before') new inner.Function(source)()
    const ends = ['', '', '', '']
    const url = (call: number) =>
      `${api}/${call < 2 ? 'v1' : 'native'}/small?${encodeURIComponent(`${when} ${name}`)}&${call}`
    const note = (call: number, end: string) => {
      ends[call] = end
    }
    for (const call of [0, 2]) {
      try {
        const text = (response: Response) =>
          settle(
            Reflect.apply(Response.prototype.text, response, []),
            (body) => note(call, body),
            () => note(call, 'no text'),
          )
        settle(Reflect.apply(called, inner, [url(call), initOf(placeholder)]), text as never, () =>
          note(call, 'rejected'),
        )
      } catch {
        note(call, 'threw')
      }
    }
    for (const call of [1, 3]) {
      try {
        const request = new Xhr()
        Reflect.apply(EventTarget.prototype.addEventListener, request, ['loadend', () => note(call, 'ended')])
        Reflect.apply(open, request, ['POST', url(call)])
        Reflect.apply(setRequestHeader, request, ['authorization', `Bearer ${placeholder}`])
        Reflect.apply(setRequestHeader, request, ['x-mark', 'asked'])
        Reflect.apply(send, request, ['asked-body'])
      } catch {
        note(call, 'threw')
      }
    }
    // What nothing was done to is waited for: the others are compared with it.
    const end = performance.now() + (source === '' ? 20_000 : 1000)
    while (ends.includes('') && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 15))
    const isKept = when !== 'before' || inner.isSpoiled === true
    frame.remove()
    return { name, when, isKept, ends }
  }

  const outcomes: SpoiledOutcome[] = []
  const waiting = [...plan]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      outcomes.push(await one(next))
  }
  await Promise.all(Array.from({ length: 12 }, work))
  return outcomes
}
