import * as z from 'zod/mini'

const PointerSchema = z.string().check(z.regex(/^(?:\/.*)?$/))
const PatternsSchema = z.array(z.string()).check(z.minLength(1))

/** What ends a job where its service's queue does not say. */
export const OVER: readonly string[] = ['success', 'failed']

/**
 * How a service is read that takes jobs: it answers at once that one waits in the account's queue, and gives its result to a
 * later call. While a job waits it holds the place of the call that made it, see `native-host/budgets/waiting-jobs.ts`.
 */
export const QueueSchema = z.object({
  /** `METHODS PATH` patterns of the calls that may make a job. Those of `results` make none. */
  jobs: PatternsSchema,
  /** `METHODS PATH` patterns of calls among those that make none, whose answers may be long or have no state. Absent: none. */
  except: z.exactOptional(PatternsSchema),
  /** `METHODS PATH` patterns of the calls that ask for the result of one, whose id is the last segment of the path… */
  results: PatternsSchema,
  /** …or this member of their JSON body (RFC 6901), where it is there. */
  asked: PointerSchema,
  /** In the answers to both, JSON: the state… */
  status: PointerSchema,
  /** …its words for a job that is not over… */
  waiting: z.array(z.string()).check(z.minLength(1)),
  /** …its words for one that is over; any other word, as of a refusal, ends none. Absent, also in services stored before: `OVER`… */
  over: z.exactOptional(z.array(z.string()).check(z.minLength(1))),
  /** …the job's id, a number or a text… */
  id: PointerSchema,
  /** …and how long it will take, as the service guesses, seconds. */
  seconds: PointerSchema,
})
export type Queue = z.infer<typeof QueueSchema>
