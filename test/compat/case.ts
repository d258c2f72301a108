import { ANSWER, type ServiceName } from './services.ts'
import { TICKS } from './upstreams/notes-upstream.ts'

/** One package doing its main job. */
export interface Case {
  /** As the registry knows it. */
  readonly package: string
  /** Script of `pages/` that does the job. */
  readonly page: string
  readonly service: ServiceName
  readonly job: string
  /** Whether the page must have its first piece while the end of the answer is still kept back. */
  readonly streamed: boolean
  /** What the job gives in the page. */
  readonly returns: Readonly<Record<string, unknown>>
}

/** All that `/ticks` of the notes service sends. */
export const TICKED = Array.from({ length: TICKS }, (_, at) => `tick ${at + 1}\n`).join('')
/** The note that is always there, and the one a client makes. */
export const FIRST = { id: 'first', title: 'the first' }
export const made = (by: string) => ({ id: 'second', title: `from ${by}` })

/** A model that answers a prompt, read as it comes. */
export const chat = (
  name: string,
  page: string,
  service: ServiceName,
  more: Record<string, unknown> = {},
): Case => ({
  package: name,
  page,
  service,
  job: 'a chat answer',
  streamed: true,
  returns: { text: ANSWER, ...more },
})

/** The same through OpenAI's newer interface. */
export const response = (name: string, page: string, more: Record<string, unknown>): Case => ({
  ...chat(name, page, 'openai', more),
  job: 'an answer of the responses interface',
})

/** A client of the notes service. */
export const notes = (name: string, page: string, job: string, returns: Record<string, unknown>): Case => ({
  package: name,
  page,
  service: 'notes',
  job,
  streamed: 'text' in returns,
  returns,
})
