import type {
  AskFrameToContent,
  CallFrameToContent,
  CallFrameToPageScript,
} from '../../../shared/protocol/page-frames.ts'
import { judgementOf } from '../csp.ts'
import { bare, each, messageOf, on, postTo, startPort } from '../primordials.ts'
import { closeCall, isExtensionAlive, openCall, problemOfLoss, send } from '../wire.ts'
import type { FrameFromWorker, PermitsFrame, WordOfWorker } from './worker-frames.ts'

/** Takes the frames of one call on their way up; null: its worker is gone. */
type Pass = (frame: CallFrameToContent | null) => unknown

/**
 * Carry the calls of a worker as this document's own: they have its grant and count with its calls.
 *
 * @param told of everything that is no call's frame.
 * @returns ends all its calls but those that are to outlive it, as the browsers do. Asked for later, only such a one begins.
 */
export function carryWorker(port: MessagePort, told: (word: WordOfWorker) => void): () => void {
  const calls: Record<number, Pass> = bare()
  let isGone = false
  on(port, 'message', (event) => {
    const frame = messageOf(event as MessageEvent) as FrameFromWorker
    if (!('id' in frame)) told(frame)
    else if (frame.type === 'ask') {
      if (!isGone || frame.keepalive) begin(port, calls, frame)
    } else if (frame.type === 'permits') void judgeFor(port, frame)
    else calls[frame.id]?.(frame)
  })
  startPort(port)
  return () => {
    isGone = true
    for (const id in calls) calls[id]?.(null)
  }
}

async function judgeFor(port: MessagePort, { id, url }: PermitsFrame): Promise<void> {
  const { events, isBlocked } = await judgementOf(url)
  postTo(port, { type: 'judged', id, events, isBlocked })
}

function begin(port: MessagePort, calls: Record<number, Pass>, ask: AskFrameToContent): void {
  const { id } = ask
  // SECURITY: a worker does not wait for this before it hands over such a call: it may be gone when the answer comes.
  const judged = ask.keepalive && judgementOf(ask.url)
  let isHeaded = false
  const end = () => {
    delete calls[id]
    closeCall(ownId)
  }
  const down = (frame: CallFrameToPageScript) => {
    if (frame.type === 'head') isHeaded = true
    if (frame.type === 'end' || frame.type === 'cut') end()
    postTo(port, { ...frame, id })
  }
  const lose = () => {
    const problem = problemOfLoss()
    if (isHeaded) down({ type: 'cut' } as CallFrameToPageScript)
    else each(problem, down)
  }
  const ownId = openCall((frame) => (frame ? down(frame) : lose()))
  const pass = async (frame: CallFrameToContent) => {
    // In the order in which they came: all wait for the same.
    if (judged && (await judged).isBlocked) {
      if (frame === ask) down({ type: 'cut' } as CallFrameToPageScript)
      return
    }
    send({ ...frame, id: ownId })
    if (frame.type === 'cancel') end()
  }
  calls[id] = (frame) => (frame || !judged) && pass(frame ?? { type: 'cancel', id })
  if (isExtensionAlive()) void pass(ask)
  else lose()
}
