import type {
  CallFrameToPageScript,
  CatchFrameToPageScript,
  CutsFrame,
  GoneFrame,
} from '../../shared/protocol/page-frames.ts'
import type { ProviderFrame } from '../../shared/protocol/provider-frames.ts'

type CutFrame = Extract<CallFrameToPageScript, { type: 'cut' }>
type Frame = CallFrameToPageScript | CatchFrameToPageScript | GoneFrame | ProviderFrame

/** Speaks to the page's script, in order. */
export interface PageSide {
  /** Of the page's script. Null: it has none yet, and frames are lost. */
  port: MessagePort | null
  /** Whether the document lies in the back/forward cache, or is on its way there: it is told nothing until it is shown. */
  isHidden: boolean
  /** Tell the page's script a frame. */
  give(frame: Frame): void
  /** The document is shown: it is told what it was not told meanwhile. */
  shown(): void
}

/**
 * Make one. Calls that are cut one right after the other are told as one message: each message is a task of the page's, and of 200
 * streams that one revoke ended the last was told 30 ms after the first. Between any other two frames the page gets its turn, in
 * which it reads what came: a cut loses what was not read.
 */
export function pageSide(): PageSide {
  /** Calls that were cut just now, and that the page is told of when the work that runs is done. */
  let cuts: CutFrame[] = []
  /** What the page is told when it is shown again: Firefox loses what is posted to a document on its way into the cache. */
  let kept: Frame[] = []
  const post = (frame: Frame | CutsFrame) => side.port?.postMessage(frame)
  const flush = () => {
    const [first, ...others] = cuts
    cuts = []
    if (first) post(others[0] ? { type: 'cuts', ids: [first, ...others].map(({ id }) => id) } : first)
  }
  const side: PageSide = {
    port: null,
    isHidden: false,
    give(frame) {
      if (side.isHidden) kept.push(frame)
      else if (frame.type !== 'cut') {
        flush()
        post(frame)
      } else if (cuts.push(frame) === 1) queueMicrotask(flush)
    },
    shown() {
      side.isHidden = false
      kept.map(side.give)
      kept = []
    },
  }
  return side
}
