import type { CallFrameToHost } from '../../../shared/protocol/call-frames.ts'
import type { CallFrameToPageScript } from '../../../shared/protocol/page-frames.ts'
import { enterQueue, leaveQueue } from '../call.ts'
import { bare, messageOf, on, postTo, startPort } from '../primordials.ts'
import { closeCall, isExtensionAlive, openCall, problemOfLoss, send } from '../wire.ts'
import type { FrameFromWorker } from './worker-frames.ts'

/** Takes the frames of one call on their way up. */
type Pass = (frame: CallFrameToHost) => void

/**
 * Carry the calls of a worker as this document's own: they have its grant, wait in its queue and count with its calls.
 *
 * @param told of everything that is no call's frame.
 * @returns ends all its calls.
 */
export function carryWorker(
  port: MessagePort,
  told: (type: Exclude<FrameFromWorker, CallFrameToHost>['type']) => void,
): () => void {
  const calls: Record<number, Pass> = bare()
  on(port, 'message', (event) => {
    const frame = messageOf(event as MessageEvent) as FrameFromWorker
    if (!('id' in frame)) told(frame.type)
    else if (frame.type === 'ask') begin(port, calls, frame)
    else calls[frame.id]?.(frame)
  })
  startPort(port)
  return () => {
    for (const id in calls) calls[id]?.({ type: 'cancel', id: Number(id) })
  }
}

function begin(port: MessagePort, calls: Record<number, Pass>, ask: CallFrameToHost): void {
  const { id } = ask
  let waiting: CallFrameToHost[] | null = [ask]
  let ownId = 0
  let isHeaded = false
  const end = () => {
    delete calls[id]
    waiting = []
    closeCall(ownId)
    leaveQueue()
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
  const pass: Pass = (frame) => {
    if (waiting) waiting[waiting.length] = frame
    else send({ ...frame, id: ownId })
    if (frame.type === 'cancel') end()
  }
  calls[id] = pass
  enterQueue(() => {
    const held = waiting as CallFrameToHost[]
    // Cancelled while it waited.
    if (held.length === 0) return leaveQueue()
    ownId = openCall((frame) => (frame ? down(frame) : lose()))
    if (!isExtensionAlive()) return lose()
    waiting = null
    for (let i = 0; i < held.length; i++) pass(held[i] as CallFrameToHost)
  })
}
