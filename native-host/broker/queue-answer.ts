import { OVER, type Queue } from '../../shared/model/queue.ts'
import type { Service } from '../../shared/model/service.ts'
import type { Job } from '../budgets/amounts.ts'
import { pointerGet, readJson } from '../policy/json.ts'
import type { JsonNode } from '../policy/json-node.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import { idIn, jobAskedFor, makesJob, mayMean, secondsIn } from '../policy/queue-calls.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { type HeldBody, readable } from './hold-body.ts'

/** Longest answer that is read for the state of a job, bytes: they are a few hundred, a result has its addresses besides. */
const LONGEST_ANSWER = 64 * 1024

/** What an answer says of a job: one that waits now, or one that is over. Both null: of none. */
export interface QueueWord {
  readonly waits: Job | null
  readonly over: string | null
}

/** An answer that says nothing of any. */
export const NO_JOB: QueueWord = { waits: null, over: null }

/** Reads what an answer says of a job in its service's queue while it goes by. Holds nothing back. */
export class QueueAnswer {
  readonly #service: Service
  readonly #makes: boolean
  readonly #asked: string | null
  readonly #parts: Uint8Array[] = []
  #length = 0

  private constructor(service: Service, makes: boolean, asked: string | null) {
    this.#service = service
    this.#makes = makes
    this.#asked = asked
  }

  /** Null for a call that neither makes a job nor asks for one. */
  static for(
    { request, service }: { request: CanonicalRequest; service: Service },
    body: HeldBody,
  ): QueueAnswer | null {
    const makes = makesJob(request, service)
    const asked = makes ? null : jobAskedFor(request, readable(body), service)
    return makes || asked !== null ? new QueueAnswer(service, makes, asked) : null
  }

  /** The next decoded bytes of the answer. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (this.#length <= LONGEST_ANSWER) this.#parts.push(bytes.slice())
    else this.#parts.length = 0
  }

  /**
   * After a whole answer only, of status 2xx. One that cannot be read ends no job.
   *
   * @returns null where it cannot be read and its call may have made a job: nobody knows.
   */
  end(): QueueWord | null {
    const { queue } = this.#service
    if (queue === undefined) return NO_JOB
    const json = this.#length <= LONGEST_ANSWER ? jsonOf(this.#parts) : null
    const status = json === null ? null : pointerGet(json, queue.status)
    // SECURITY: a page can make an answer longer than is read, by what the service repeats of its call.
    if (json === null || status?.kind !== 'string') return this.#makes ? null : NO_JOB
    if (!this.#makes) return { waits: null, over: this.#over(json, status.value, queue) }
    if (!queue.waiting.includes(status.value)) return NO_JOB
    return { waits: { id: idIn(json, queue.id), seconds: secondsIn(json, queue) }, over: null }
  }

  // SECURITY: only a word of its own ends a job, and only the job that was asked for: a refusal comes with status 200 as well.
  #over(json: JsonNode, word: string, queue: Queue): string | null {
    const asked = this.#asked
    const words = queue.over ?? OVER
    return asked !== null && words.includes(word) && mayMean(json, queue.id, asked) ? asked : null
  }
}

function jsonOf(parts: readonly Uint8Array[]): JsonNode | null {
  try {
    return readJson(Buffer.concat(parts))
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}
