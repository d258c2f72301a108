import type { CallFrameToContent, CallFrameToPageScript } from '../../../shared/protocol/page-frames.ts'
import { judgementOf } from '../csp.ts'
import { bare, messageOf, on, postTo, startPort } from '../primordials.ts'
import { closeCall, isExtensionAlive, openCall, problemOfLoss, send } from '../wire.ts'
import type { FrameFromWorker, PermitsFrame, WordOfWorker } from './worker-frames.ts'

/** Takes the frames of one call on their way up. */
type Pass = (frame: CallFrameToContent) => void

/**
 * Carry the calls of a worker as this document's own: they have its grant and count with its calls.
 *
 * @param told of everything that is no call's frame.
 * @returns ends all its calls.
 */
export function carryWorker(port: MessagePort, told: (word: WordOfWorker) => void): () => void {
  const calls: Record<number, Pass> = bare()
  on(port, 'message', (event) => {
    const frame = messageOf(event as MessageEvent) as FrameFromWorker
    if (!('id' in frame)) told(frame)
    else if (frame.type === 'ask') begin(port, calls, frame)
    else if (frame.type === 'permits') void judgeFor(port, frame)
    else calls[frame.id]?.(frame)
  })
  startPort(port)
  return () => {
    for (const id in calls) calls[id]?.({ type: 'cancel', id: Number(id) })
  }
}

async function judgeFor(port: MessagePort, { id, url }: PermitsFrame): Promise<void> {
  const { events, isBlocked } = await judgementOf(url)
  postTo(port, { type: 'judged', id, events, isBlocked })
}

function begin(port: MessagePort, calls: Record<number, Pass>, ask: CallFrameToContent): void {
  const { id } = ask
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
    else for (let i = 0; i < problem.length; i++) down(problem[i] as CallFrameToPageScript)
  }
  const ownId = openCall((frame) => (frame ? down(frame) : lose()))
  calls[id] = (frame) => {
    send({ ...frame, id: ownId })
    if (frame.type === 'cancel') end()
  }
  if (isExtensionAlive()) send({ ...ask, id: ownId })
  else lose()
}
