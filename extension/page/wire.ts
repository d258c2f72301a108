import type { CallFrameToHost } from '../../shared/protocol/call-frames.ts'
import type {
  CallFrameToPageScript,
  CatchFrameToPageScript,
  GoneFrame,
} from '../../shared/protocol/page-frames.ts'
import { ALIVE_EVENT, PAIR_EVENT, PORT_EVENT } from '../../shared/protocol/pairing.ts'
import { isAnyoneWaiting, learnBases, releaseUnknown, whenDecidable } from './catch-list.ts'
import {
  bare,
  cancelEvent,
  fire,
  hideEvent,
  later,
  messageOf,
  NativeEvent,
  NativeMessageChannel,
  NativeMessageEvent,
  on,
  page,
  postTo,
  startPort,
} from './primordials.ts'

/** How often open and waiting calls look whether the isolated script is still there, in milliseconds. */
const PULSE_MS = 1000

/** Takes the frames of one call. Null: no more will come, the extension cannot be reached. */
export type FrameReceiver = (frame: CallFrameToPageScript | null) => void

interface Link {
  readonly port: MessagePort
  /** The end the isolated script took: the same object in both worlds, so an event on it is heard there at once. */
  readonly peer: MessagePort
}

let link: Link | null = null
let lost: CallFrameToPageScript[] = []
let lastId = 0
let open = 0
let beating = false
const receivers: Record<number, FrameReceiver> = bare()

/** Offer a port to an isolated script; it answers by cancelling the event. */
function offer(): void {
  const { port1: port, port2: peer } = new NativeMessageChannel()
  if (fire(page, new NativeMessageEvent(PORT_EVENT, { ports: [peer], cancelable: true }))) return
  on(port, 'message', (event) => receive(port, messageOf(event as MessageEvent)))
  startPort(port)
  loseAll()
  link = { port, peer }
}

/** Meet the isolated script now where it is there already, or when it starts; again after the extension was reloaded. */
export function pair(): void {
  on(page, PAIR_EVENT, (event) => {
    cancelEvent(event)
    hideEvent(event)
    if (!isExtensionAlive()) offer()
  })
  offer()
}

/** Whether the isolated script hears us and may still talk to the extension. Synchronous, microseconds. */
export const isExtensionAlive = (): boolean =>
  link !== null && !fire(link.peer, new NativeEvent(ALIVE_EVENT, { cancelable: true }))

function receive(port: MessagePort, frame: CallFrameToPageScript | CatchFrameToPageScript | GoneFrame): void {
  if (port !== link?.port) return
  if (frame.type === 'catch') {
    lost = frame.lost
    learnBases(frame.baseUrls)
  } else if (frame.type === 'gone') releaseUnknown()
  else receivers[frame.id]?.(frame)
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
  if (receivers[id] === undefined) return
  delete receivers[id]
  open -= 1
}

/** The answer to a call that the extension can no longer be asked for, as content/ left it here. */
export const problemOfLoss = (): readonly CallFrameToPageScript[] => lost

/** Calls that are open. */
export const openCalls = (): number => open

/** Send a frame. Frames of a call whose extension is gone go nowhere: {@link FrameReceiver} is told. */
export function send(frame: CallFrameToHost): void {
  if (link !== null) postTo(link.port, frame)
}

function loseAll(): void {
  for (const id in receivers) receivers[id]?.(null)
}

/** Hold a call until the list of caught URLs is here. False: nobody answered although the extension is there. */
export function waitForList(): Promise<boolean> {
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
    releaseUnknown()
  }
  if (open > 0 || isAnyoneWaiting()) keepBeating()
}
