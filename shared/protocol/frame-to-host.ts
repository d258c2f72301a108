import * as z from 'zod/mini'
import { AskFrameSchema, CallFrameToHostSchema } from './call-frames.ts'
import { CommandSchema } from './commands.ts'
import { MOST_HEADS } from './limits.ts'
import { KeptHeadSchema, WitnessedSchema } from './native-frames.ts'

const Sequence = z.int().check(z.gte(1))

/** Background → host. The first frame is `hello`. Only the host checks by it: apart, the extension need not make it. */
export const FrameToHostSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.int(),
    version: z.string(),
    /** Newest head of each vault that this browser has seen. Absent: none. */
    heads: z.optional(z.array(KeptHeadSchema).check(z.maxLength(MOST_HEADS))),
  }),
  /** A document with our script opened; the host answers with `catch` frames for it until `document-gone`. */
  z.strictObject({ type: z.literal('document'), document: Sequence, witnessed: WitnessedSchema }),
  z.strictObject({ type: z.literal('document-gone'), document: Sequence }),
  /** `ask` with the document it came from. */
  z.extend(AskFrameSchema, { document: Sequence }),
  ...CallFrameToHostSchema.def.options.slice(1),
  z.strictObject({ type: z.literal('command'), id: Sequence, command: CommandSchema }),
])
