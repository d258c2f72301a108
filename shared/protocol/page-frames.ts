import { type ProblemCode, problemReply } from '../model/problem.ts'
import type { ProviderOrder } from '../provider/events.ts'
import type {
  AskFrame,
  CacheMode,
  CallFrameToHost,
  CallFrameToPage,
  CatchFrame,
  PackedFrame,
} from './call-frames.ts'

/** What the page's script asks content/ for. */
export interface AskFrameToContent extends Omit<AskFrame, 'sender'> {
  cache: CacheMode
  /** Subresource Integrity metadata that the response must meet before the page sees anything of it; empty: none. */
  integrity: string
}

/** Page's script → content/. */
export type CallFrameToContent = AskFrameToContent | Exclude<CallFrameToHost, { type: 'ask' }>

/** What a call comes to when nothing of it is packed any more. */
export type UnpackedFrame = Exclude<CallFrameToPage, PackedFrame>

/**
 * What content/ tells the page's script. A `problem` is written out by content/: the page's script is the same for every
 * site and loaded by every document, and knows neither the codes nor their words.
 */
export type CallFrameToPageScript = Exclude<UnpackedFrame, { type: 'problem' }>

/** The list, and what answers a call whose extension is gone: by then nobody is left to say it. */
export interface CatchFrameToPageScript extends CatchFrame {
  lost: CallFrameToPageScript[]
}

/** Isolated script → page's script: background/ cannot be reached. Where no `catch` frame came, nothing is caught. */
export interface GoneFrame {
  type: 'gone'
}

/** Isolated script → page's script: these calls are cut, all at one moment. */
export interface CutsFrame {
  type: 'cuts'
  ids: number[]
}

/** Page's script → content/: an order of the provider's, with whatever the page gave it. */
export interface ProviderWishFrame {
  type: 'provider'
  id: number
  order: ProviderOrder
  wish: unknown
}

/** The frames of a response that says the problem, in order. Its URL is empty: it is that of the call. */
export function problemFrames(
  id: number,
  code: ProblemCode,
  instance?: string,
  detail?: string,
): CallFrameToPageScript[] {
  const { status, headers, body } = problemReply(code, instance, detail)
  return [
    { type: 'head', id, status, statusText: '', headers, url: '', redirected: false },
    { type: 'chunk', id, text: body },
    { type: 'end', id },
  ]
}
