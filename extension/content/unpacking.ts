import type { CallFrameToPage, PackedFrame } from '../../shared/protocol/call-frames.ts'
import type { UnpackedFrame } from '../../shared/protocol/page-frames.ts'
import { inflated } from './inflated.ts'

/**
 * Unpacks what the host has packed. A call's chunks and its `end` keep their order; whatever else is said goes by at once,
 * what cuts the call above all: what was packed before that then comes for a call that is over.
 *
 * @param give takes each frame, in order. @param spoil told of a call whose packed bytes make no sense.
 * @returns takes the frames that come for the page.
 */
export function unpacking(
  give: (frame: UnpackedFrame) => void,
  spoil: (id: number) => void,
): (frame: CallFrameToPage) => void {
  /** What each call that is waited for gives last. */
  const last = new Map<number, Promise<void>>()

  const giveAfter = async (before: Promise<void> | undefined, frame: PackedFrame | UnpackedFrame) => {
    await before
    const { id } = frame
    try {
      give(frame.type === 'packed' ? await unpacked(frame) : frame)
    } catch {
      spoil(id)
    }
  }
  return (frame) => {
    const { id, type } = frame
    const before = last.get(id)
    if (type !== 'packed' && (before === undefined || (type !== 'chunk' && type !== 'end')))
      return give(frame)
    const given = giveAfter(before, frame).then(() => {
      if (last.get(id) === given) last.delete(id)
    })
    last.set(id, given)
  }
}

async function unpacked({ id, deflate, bytes }: PackedFrame): Promise<UnpackedFrame> {
  const plain = await inflated(Uint8Array.fromBase64(deflate), bytes)
  return { type: 'chunk', id, base64: plain.toBase64() }
}
