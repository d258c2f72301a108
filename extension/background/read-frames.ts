import './without-eval.ts'
import * as z from 'zod/mini'
import { type CallFrameToHost, CallFrameToHostSchema } from '../../shared/protocol/call-frames.ts'
import {
  type FrameToBackground,
  FrameToBackgroundSchema,
  type KeptHead,
  KeptHeadSchema,
} from '../../shared/protocol/native-frames.ts'

/** What calls need of the schemas. Reached through `late.ts`. */

const HeadsSchema = z.array(KeptHeadSchema)

/** A message of a content script as a frame of a call; null where it is none. */
export function readCallFrame(message: unknown): CallFrameToHost | null {
  return CallFrameToHostSchema.safeParse(message).data ?? null
}

/** A message of the host as a frame; null where it is none. */
export function readHostFrame(message: unknown): FrameToBackground | null {
  return (FrameToBackgroundSchema.safeParse(message).data as FrameToBackground | undefined) ?? null
}

/** Heads of logs that were stored; none where what is stored is anything else. */
export function readHeads(stored: unknown): KeptHead[] {
  return HeadsSchema.safeParse(stored).data ?? []
}
