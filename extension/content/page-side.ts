import type {
  CallFrameToPageScript,
  CatchFrameToPageScript,
  CutsFrame,
  GoneFrame,
} from '../../shared/protocol/page-frames.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'

type Frame = CallFrameToPageScript | CatchFrameToPageScript | GoneFrame | ProviderFrame

/** Speaks to the page's script, in order. */
export class PageSide {
  #port: MessagePort | null = null
  #isHidden = false
  /** What {@link together} gathers; null outside. */
  #gathered: Frame[] | null = null
  /** What the page is told when it is shown again: Firefox loses what is posted to a document on its way into the cache. */
  #kept: Frame[] = []

  /** Whether the document lies in the back/forward cache, or is on its way there. */
  get isHidden(): boolean {
    return this.#isHidden
  }

  /** Take over the port of the page's script. Before that, frames are lost. */
  serve(port: MessagePort): void {
    this.#port = port
  }

  /** Tell the page's script a frame. */
  give(frame: Frame): void {
    if (this.#isHidden) this.#kept.push(frame)
    else if (this.#gathered === null) this.#post([frame])
    else this.#gathered.push(frame)
  }

  /** Run `work`. Calls that are cut in it, one right after the other, are told as one message. */
  together(work: () => void): void {
    const frames: Frame[] = []
    this.#gathered = frames
    try {
      work()
    } finally {
      this.#gathered = null
      this.#post(frames)
    }
  }

  /** The document goes into the back/forward cache: it is told nothing until it is shown. */
  hide(): void {
    this.#isHidden = true
  }

  /** The document is shown: it is told what it was not told meanwhile. */
  show(): void {
    this.#isHidden = false
    this.#post(this.#kept.splice(0))
  }

  #post(frames: readonly Frame[]): void {
    for (const each of withCutsTogether(frames)) this.#port?.postMessage(each)
  }
}

/**
 * Each message is a task of the page's: of 200 streams that one revoke ended, the last was told 30 ms after the first. Only cuts go
 * together. Between any other two frames the page gets its turn, in which it reads what came: a cut loses what was not read.
 */
function withCutsTogether(frames: readonly Frame[]): (Frame | CutsFrame)[] {
  const messages: (Frame | CutsFrame)[] = []
  for (const frame of frames) {
    const last = messages.at(-1)
    if (frame.type !== 'cut') messages.push(frame)
    else if (last?.type === 'cuts') last.ids.push(frame.id)
    else if (last?.type === 'cut') messages.splice(-1, 1, { type: 'cuts', ids: [last.id, frame.id] })
    else messages.push(frame)
  }
  return messages
}
