import type {
  CallFrameToContent,
  CallFrameToPageScript,
  CatchFrameToPageScript,
  CutsFrame,
  GoneFrame,
  ProviderWishFrame,
} from '../../shared/protocol/page-frames.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import {
  ALIVE_EVENT,
  CATCH_EVENT,
  FRAMES_EVENT,
  PAIR_EVENT,
  PORT_EVENT,
} from '../../shared/protocol/pairing.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'
import { isAnyoneWaiting, learnBases, listBases, releaseWaiting, whenDecidable } from './catch-list.ts'
import { answer } from './hidden-event.ts'
import {
  bare,
  each,
  fire,
  later,
  messageOf,
  NativeEvent,
  NativeMessageChannel,
  NativeMessageEvent,
  NativePromise,
  on,
  page,
  parseJson,
  postTo,
  startPort,
  toJson,
} from './primordials.ts'
import type { FrameFromWorker, JudgedFrame, Judgement, PermitsFrame } from './workers/worker-frames.ts'

/** How often open and waiting calls look whether the isolated script is still there, in milliseconds. */
const PULSE_MS = 1000

/** Takes the frames of one call. Null: no more will come, the extension cannot be reached. */
export type FrameReceiver = (frame: CallFrameToPageScript | null) => void

interface Link {
  readonly port: MessagePort
  /** The end the isolated script took: the same object in both worlds, so an event on it is heard there at once. In a worker null. */
  readonly peer: MessagePort | null
}

let link: Link | null = null
let lost: CallFrameToPageScript[] = []
let lastId = 0
let open = 0
let lastFollower = 0
let beating = false
/** By the id of their call. What has the id 0 is no call's: the provider hears it. */
export const receivers: Record<number, FrameReceiver> = bare()
/** Ports of covered workers, and what the owner was told. */
const followers: Record<number, MessagePort> = bare()
const notices: Partial<Record<PageNotice, true>> = bare()

/** Offer a port to an isolated script; it answers by cancelling the event. */
function offer(): void {
  const { port1: port, port2: peer } = new NativeMessageChannel()
  on(peer, CATCH_EVENT, (event) => learn(parseJson(messageOf(event as MessageEvent))))
  if (fire(page, new NativeMessageEvent(PORT_EVENT, { ports: [peer], cancelable: true }))) return
  loseAll()
  use(port, peer)
}

function use(port: MessagePort, peer: MessagePort | null): void {
  on(port, 'message', (event) => receive(port, messageOf(event as MessageEvent)))
  startPort(port)
  link = { port, peer }
  for (const kind in notices) postTo(port, { type: 'notice', notice: kind })
}

/**
 * In a worker: hand a port to whoever started it, by the first message of all.
 *
 * @returns tells whoever started it something that is no call's.
 */
export function joinParent(): (frame: FrameFromWorker) => void {
  const { port1, port2 } = new NativeMessageChannel()
  postMessage(0, { transfer: [port2] })
  use(port1, null)
  return (frame) => postTo(port1, frame)
}

/** In a worker: ask whoever started it what their policies say to a URL. SECURITY: without an answer it is not allowed. */
export const askCreator = (url: string): Promise<Judgement> =>
  new NativePromise((resolve) => {
    const id = openCall((frame) => {
      closeCall(id)
      resolve((frame as JudgedFrame | null) ?? { events: [], isBlocked: true })
    })
    send({ type: 'permits', id, url })
  })

/** Tell the owner something of this page, once. */
export function notice(kind: PageNotice): void {
  if (notices[kind]) return
  notices[kind] = true
  if (link) postTo(link.port, { type: 'notice', notice: kind })
}

/** A worker's port hears what is caught, now and later. @returns ends it. */
export function follow(port: MessagePort): () => void {
  const baseUrls = listBases()
  if (baseUrls) postTo(port, { type: 'catch', baseUrls, lost })
  lastFollower += 1
  const number = lastFollower
  followers[number] = port
  return () => {
    delete followers[number]
  }
}

/** Meet the isolated script now where it is there already, or when it starts; again after the extension was reloaded. */
export function pair(): void {
  answer(PAIR_EVENT, () => {
    if (!isExtensionAlive()) offer()
  })
  offer()
}

/** Whether the isolated script hears us and may still talk to the extension. Synchronous, microseconds. */
export const isExtensionAlive = (): boolean =>
  Boolean(link) && (!link?.peer || !fire(link.peer, new NativeEvent(ALIVE_EVENT, { cancelable: true })))

type Frame =
  | CallFrameToPageScript
  | CatchFrameToPageScript
  | CutsFrame
  | GoneFrame
  | JudgedFrame
  | ProviderFrame

function receive(port: MessagePort, frame: Frame): void {
  if (port !== link?.port) return
  if ('id' in frame) return receivers[frame.id]?.(frame as CallFrameToPageScript)
  if (frame.type === 'cuts') {
    return each(frame.ids, (id) => receivers[id]?.({ type: 'cut', id } as CallFrameToPageScript))
  }
  if (frame.type === 'catch') {
    learn(frame)
  } else releaseWaiting()
  for (const number in followers) postTo(followers[number] as MessagePort, frame)
}

function learn(frame: CatchFrameToPageScript): void {
  lost = frame.lost
  learnBases(frame.baseUrls)
}

/** Take a number for a call and receive its frames until {@link closeCall}. */
export function openCall(receiver: FrameReceiver): number {
  lastId += 1
  open += 1
  receivers[lastId] = receiver
  keepBeating()
  return lastId
}

/** The call is over: frames that still come for it are dropped. */
export function closeCall(id: number): void {
  delete receivers[id]
  open -= 1
}

/** The answer to a call that the extension can no longer be asked for, as content/ left it here. */
export const problemOfLoss = (): readonly CallFrameToPageScript[] => lost

/** Send a frame. Frames of a call whose extension is gone go nowhere: {@link FrameReceiver} is told. */
export function send(frame: CallFrameToContent | PermitsFrame | ProviderWishFrame): void {
  if (link) postTo(link.port, frame)
}

/** Send frames so that they have left this document when this returns. A worker's go to its document first. */
export function sendNow(frames: readonly CallFrameToContent[]): void {
  if (link?.peer) fire(link.peer, new NativeMessageEvent(FRAMES_EVENT, { data: toJson(frames) }))
  else each(frames, send)
}

function loseAll(): void {
  for (const id in receivers) receivers[id]?.(null)
}

/** Hold a call until the list of caught URLs is here. False: nobody answered although the extension is there. */
export function waitForList(): Promise<boolean> {
  // The isolated script waits with much until somebody asks for it.
  isExtensionAlive()
  keepBeating()
  return whenDecidable()
}

/**
 * While a call is open or waits: notice an extension that was removed or reloaded. Firefox destroys the isolated script
 * without a word, so silence must be looked for.
 */
function keepBeating(): void {
  if (beating) return
  beating = true
  later(beat, PULSE_MS)
}

function beat(): void {
  beating = false
  if (!isExtensionAlive()) {
    loseAll()
    releaseWaiting()
  }
  if (open > 0 || isAnyoneWaiting()) keepBeating()
}
