import { beforeEach, describe, expect, it } from 'vitest'
import { type AskedCall, Calls, type HostLine } from '../../extension/background/calls.ts'
import { Listeners } from '../../extension/background/listeners.ts'
import type { PageDocument } from '../../extension/background/page-document.ts'
import { WaitingCalls } from '../../extension/background/waiting-calls.ts'
import type { AskFrame } from '../../shared/protocol/call-frames.ts'
import { MAX_CALLS_PER_DOCUMENT, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { FrameToHost, Witnessed } from '../../shared/protocol/native-frames.ts'
import { settle } from '../support/fake-browser.ts'

const WITNESSED: Witnessed = {
  origin: 'https://app.example',
  topOrigin: 'https://app.example',
  tabId: 1,
  frameId: 0,
  documentId: null,
}

const SESSION = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'

/** A stand-in for the native port: remembers frames, and is connected, or not, as the test says. */
class RecordingHost {
  readonly sent: FrameToHost[] = []
  readonly opening = Promise.withResolvers<boolean>()
  state = {
    host: 'connected' as HostLine['state']['host'],
    hostVersion: null,
    hostProtocol: null,
    vault: 'unlocked' as const,
    live: 0,
    inFlight: 0,
    approvals: 0,
    paused: false,
  }

  open(): Promise<boolean> {
    return this.opening.promise
  }

  send(frame: FrameToHost): boolean {
    if (this.state.host !== 'connected') return false
    this.sent.push(frame)
    return true
  }
}

/** Nothing is owed, which is known. */
const debts = { isRead: true, ready: async () => {}, binds: () => false }

function ask(id: number, changes: Partial<AskFrame> = {}): AskFrame {
  const url = 'https://api.example/v1/models'
  return {
    type: 'ask',
    id,
    method: 'GET',
    url,
    headers: [],
    hasBody: false,
    bodyLength: null,
    redirect: 'follow',
    ...changes,
  }
}

let host: RecordingHost
let told: Map<number, unknown[]>
let documents: Map<number, PageDocument>
let calls: Calls
/** The calls that were told of as going to the host. */
let asked: [document: number, url: string][]

function document(number: number, witnessed: Witnessed | null = WITNESSED): PageDocument {
  const frames: unknown[] = []
  told.set(number, frames)
  const send = (frame: unknown) => frames.push(frame)
  const made = { number, witnessed, send, isListed: true } as unknown as PageDocument
  documents.set(number, made)
  return made
}

beforeEach(() => {
  host = new RecordingHost()
  told = new Map()
  documents = new Map()
  asked = []
  const onAsk = new Listeners<AskedCall>()
  onAsk.add(({ document, ask }) => asked.push([document.number, ask.url]))
  const find = (number: number) => documents.get(number)
  calls = new Calls({ host, find, waiting: new WaitingCalls(), debts, onAsk })
})

describe('calls between documents and the host', () => {
  it('keeps two documents that use the same ids apart', () => {
    const [first, second] = [document(1), document(2)]
    calls.fromPage(first, ask(1, { url: 'https://api.example/first' }))
    calls.fromPage(second, ask(1, { url: 'https://api.example/second' }))
    const [one, two] = host.sent as (FrameToHost & { id: number; document: number })[]
    expect([one?.document, two?.document]).toEqual([1, 2])
    expect(one?.id).not.toBe(two?.id)
    calls.fromHost({ type: 'end', id: two?.id ?? 0 })
    expect(told.get(1)).toEqual([])
    expect(told.get(2)).toEqual([{ type: 'end', id: 1 }])
  })

  it('denies a document whose identity the browser did not witness, and tells the host nothing', () => {
    calls.fromPage(document(1, null), ask(7))
    expect(told.get(1)).toEqual([{ type: 'problem', id: 7, code: 'denied' }])
    expect(host.sent).toEqual([])
    expect(asked).toEqual([])
  })

  it('tells once of each that goes to the host, and of its document', () => {
    calls.fromPage(document(1), ask(1, { url: 'https://api.example/first', hasBody: true }))
    calls.fromPage(document(2), ask(1, { url: 'https://api.example/second' }))
    calls.fromPage(document(1), { type: 'body-end', id: 1 })
    expect(asked).toEqual([
      [1, 'https://api.example/first'],
      [2, 'https://api.example/second'],
    ])
  })

  it('takes no identity from the page: an ask with a document or an origin in it is refused', () => {
    calls.fromPage(document(1), { ...ask(1), document: 2 })
    calls.fromPage(document(1), { ...ask(2), origin: 'https://other.example' })
    expect(host.sent).toEqual([])
    expect(told.get(1)).toEqual([{ type: 'problem', id: 2, code: 'malformed' }])
  })

  it('drops messages that are no frames and name no call', () => {
    const page = document(1)
    for (const message of [null, 'ask', 7, [], {}, { type: 'hello' }, { id: -1, type: 'ask' }]) {
      calls.fromPage(page, message)
    }
    calls.fromPage(page, { type: 'command', id: 1, command: { name: 'vault-lock' } })
    expect(host.sent).toEqual([])
    expect(told.get(1)).toEqual([])
  })

  it('refuses the call above the limit, and takes one again when another is over', () => {
    const page = document(1)
    for (let id = 1; id <= MAX_CALLS_PER_DOCUMENT + 1; id++) calls.fromPage(page, ask(id))
    const refused = MAX_CALLS_PER_DOCUMENT + 1
    expect(told.get(1)).toEqual([{ type: 'problem', id: refused, code: 'rate-limited' }])
    calls.fromPage(page, { type: 'cancel', id: 1 })
    calls.fromPage(page, ask(refused + 1))
    expect(host.sent.filter(({ type }) => type === 'ask')).toHaveLength(MAX_CALLS_PER_DOCUMENT + 1)
  })

  it('cancels the calls of a document that goes, and only those', () => {
    const [first, second] = [document(1), document(2)]
    calls.fromPage(first, ask(1))
    calls.fromPage(second, ask(1))
    calls.abandon(first, false)
    const [askOfFirst] = host.sent as { id: number }[]
    expect(host.sent.slice(2)).toEqual([{ type: 'cancel', id: askOfFirst?.id }])
  })

  it('ends a call whose page sends more than it has credit for', () => {
    const page = document(1)
    calls.fromPage(page, ask(1, { method: 'POST', hasBody: true }))
    const base64 = 'A'.repeat(128 * 1024)
    const pieces = Math.ceil(WINDOW_BYTES / 98_304) + 1
    for (let piece = 0; piece < pieces; piece++) calls.fromPage(page, { type: 'body', id: 1, base64 })
    expect(told.get(1)).toEqual([{ type: 'problem', id: 1, code: 'malformed' }])
    expect(host.sent.at(-1)?.type).toBe('cancel')
  })

  it('lets a page send on as the host gives credit', () => {
    const page = document(1)
    calls.fromPage(page, ask(1, { method: 'POST', hasBody: true }))
    const [{ id } = { id: 0 }] = host.sent as { id: number }[]
    const base64 = 'A'.repeat(128 * 1024)
    for (let piece = 0; piece < 50; piece++) {
      calls.fromPage(page, { type: 'body', id: 1, base64 })
      calls.fromHost({ type: 'credit', id, bytes: 98_304 })
    }
    expect(host.sent.filter(({ type }) => type === 'body')).toHaveLength(50)
    expect(told.get(1)).toHaveLength(50)
  })

  it('answers every open call when the host goes: a problem before the head, a cut after it', () => {
    const page = document(1)
    calls.fromPage(page, ask(1))
    calls.fromPage(page, ask(2))
    const [, second] = host.sent as { id: number }[]
    const head = { status: 200, statusText: '', headers: [], url: 'https://api.example/', redirected: false }
    calls.fromHost({ type: 'head', id: second?.id ?? 0, session: SESSION, ...head })
    expect(told.get(1)).toEqual([{ type: 'head', id: 2, ...head }])
    calls.hostLost()
    expect(told.get(1)?.slice(1)).toEqual([
      { type: 'problem', id: 1, code: 'host-unavailable' },
      { type: 'cut', id: 2, code: 'host-unavailable' },
    ])
  })

  it('ends the calls of a revoked session before the host answers, and drops what it had sent already', () => {
    const page = document(1)
    for (const id of [1, 2, 3]) calls.fromPage(page, ask(id))
    const [first, second, third] = (host.sent as { id: number }[]).map(({ id }) => id)
    const head = { status: 200, statusText: '', headers: [], url: 'https://api.example/', redirected: false }
    calls.fromHost({ type: 'head', id: first ?? 0, session: SESSION, ...head })
    calls.fromHost({ type: 'head', id: second ?? 0, session: OTHER, ...head })
    told.get(1)?.splice(0)
    const answered = calls.cutFirst({ id: SESSION })
    for (const id of [first, second]) calls.fromHost({ type: 'chunk', id: id ?? 0, text: 'x' })
    // Its session is known with its head only.
    calls.fromHost({ type: 'head', id: third ?? 0, session: SESSION, ...head })
    calls.fromHost({ type: 'chunk', id: third ?? 0, text: 'x' })
    expect(told.get(1)).toEqual([
      { type: 'cut', id: 1, code: 'session-ended' },
      { type: 'chunk', id: 2, text: 'x' },
      { type: 'problem', id: 3, code: 'session-ended' },
    ])
    const cancels = () => host.sent.filter(({ type }) => type === 'cancel')
    expect(cancels()).toEqual([{ type: 'cancel', id: third }])
    answered()
    expect(cancels()).toEqual([third, first].map((id) => ({ type: 'cancel', id })))
  })

  it('ends the calls of an origin, of its frames, or all, as the owner orders', () => {
    const framed = { ...WITNESSED, origin: 'https://frame.example' }
    const pages = [document(1), document(2, framed), document(3, { ...framed, topOrigin: framed.origin })]
    for (const page of pages) calls.fromPage(page, ask(1))
    calls.cutFirst({ origin: WITNESSED.origin })
    const problem = { type: 'problem', id: 1, code: 'session-ended' }
    expect([1, 2, 3].map((number) => told.get(number))).toEqual([[problem], [problem], []])
    calls.cutFirst({ all: true })
    expect(told.get(3)).toEqual([problem])
  })

  it('keeps the frames of a call in order while the host is being started', async () => {
    host.state.host = 'connecting'
    const page = document(1)
    calls.fromPage(page, ask(1, { method: 'POST', hasBody: true }))
    calls.fromPage(page, { type: 'body', id: 1, base64: 'aGk=' })
    calls.fromPage(page, { type: 'body-end', id: 1 })
    expect(host.sent).toEqual([])
    host.state.host = 'connected'
    host.opening.resolve(true)
    await settle()
    expect(host.sent.map(({ type }) => type)).toEqual(['ask', 'body', 'body-end'])
  })

  it('sends nothing of a document that nobody knows any more', () => {
    const gone = document(1)
    documents.delete(1)
    calls.fromPage(gone, ask(1))
    expect(host.sent).toEqual([])
  })

  it('says that there is no host, and sends nothing later, where none could be started', async () => {
    host.state.host = 'missing'
    calls.fromPage(document(1), ask(1))
    host.opening.resolve(false)
    await settle()
    expect(told.get(1)).toEqual([{ type: 'problem', id: 1, code: 'host-unavailable' }])
    host.state.host = 'connected'
    calls.fromPage(document(1), { type: 'body-end', id: 1 })
    expect(host.sent).toEqual([])
  })

  it('ends the one call of which the host sent nonsense', () => {
    const page = document(1)
    calls.fromPage(page, ask(1))
    calls.fromPage(page, ask(2))
    const [first] = host.sent as { id: number }[]
    calls.spoil(first?.id ?? 0)
    expect(told.get(1)).toEqual([{ type: 'problem', id: 1, code: 'internal' }])
    expect(host.sent.at(-1)).toEqual({ type: 'cancel', id: first?.id })
  })
})
