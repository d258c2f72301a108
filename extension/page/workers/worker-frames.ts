import type { CallFrameToContent } from '../../../shared/protocol/page-frames.ts'
import type { NoticeFrame } from '../../../shared/protocol/page-notice.ts'

/**
 * What a covered worker tells the script of whoever started it: frames of calls, numbered by the worker, and what becomes of
 * it. It is told what an isolated script tells a document (`page-frames.ts`). Both ends are this script; the worker sends its
 * end of a channel with its first message of all, before its own script runs.
 *
 * `loaded`: its own script has run. `failed`: it could not be loaded, and no line of it has run. `closed`: by itself.
 */
export type FrameFromWorker = CallFrameToContent | NoticeFrame | { type: 'loaded' | 'failed' | 'closed' }
