import type { CallFrameToContent } from '../../../shared/protocol/page-frames.ts'
import type { NoticeFrame } from '../../../shared/protocol/page-notice.ts'

/** What the page's policies say to a URL: the events they fire, and whether one of them is more than a report. */
export interface Judgement {
  readonly events: SecurityPolicyViolationEventInit[]
  isBlocked: boolean
}

/** A covered worker asks whoever started it what their policies say to a URL, without query and fragment; numbered as its calls. */
export interface PermitsFrame {
  type: 'permits'
  id: number
  url: string
}

/** The answer. */
export interface JudgedFrame extends Judgement {
  type: 'judged'
  id: number
}

/** What is no call's: of the owner to know, and what becomes of a worker. */
export type WordOfWorker = NoticeFrame | { type: 'loaded' | 'failed' | 'closed' }

/**
 * What a covered worker tells the script of whoever started it: frames of calls, numbered by the worker, and what becomes of
 * it. It is told what an isolated script tells a document (`page-frames.ts`), and what it asked for itself. Both ends are this script; the worker sends its
 * end of a channel with its first message of all, before its own script runs.
 *
 * `loaded`: its own script has run. `failed`: it could not be loaded, and no line of it has run. `closed`: by itself.
 */
export type FrameFromWorker = CallFrameToContent | PermitsFrame | WordOfWorker
