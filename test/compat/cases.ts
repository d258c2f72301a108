import { ANSWER, type ServiceName, SPEECH } from './services.ts'
import { ROWS, TICKS } from './upstreams/notes-upstream.ts'

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

const TICKED = Array.from({ length: TICKS }, (_, at) => `tick ${at + 1}\n`).join('')
const FIRST = { id: 'first', title: 'the first' }
const made = (by: string) => ({ id: 'second', title: `from ${by}` })

const chat = (
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

const response = (name: string, page: string, more: Record<string, unknown>): Case => ({
  ...chat(name, page, 'openai', more),
  job: 'an answer of the responses interface',
})

const notes = (name: string, page: string, job: string, returns: Record<string, unknown>): Case => ({
  package: name,
  page,
  service: 'notes',
  job,
  streamed: 'text' in returns,
  returns,
})

/** Packages that stream a model's answer. */
const MODELS: readonly Case[] = [
  chat('openai', 'openai', 'openai'),
  response('openai', 'openai-responses', { status: 'completed' }),
  chat('@anthropic-ai/sdk', 'anthropic', 'anthropic', { role: 'assistant' }),
  chat('@ai-sdk/openai', 'ai-openai', 'openai', { finishReason: 'stop' }),
  response('@ai-sdk/openai', 'ai-openai-responses', { finishReason: 'stop' }),
  chat('@ai-sdk/anthropic', 'ai-anthropic', 'anthropic', { finishReason: 'stop' }),
  chat('@ai-sdk/google', 'ai-google', 'gemini', { finishReason: 'stop' }),
  chat('@ai-sdk/mistral', 'ai-mistral', 'mistral', { finishReason: 'stop' }),
  chat('@langchain/openai', 'langchain', 'openai'),
  chat('@huggingface/inference', 'huggingface', 'huggingface'),
  chat('@google/genai', 'google-genai', 'gemini'),
  chat('@mistralai/mistralai', 'mistral', 'mistral'),
  chat('groq-sdk', 'groq', 'groq'),
  chat('cohere-ai', 'cohere', 'cohere'),
  chat('ollama', 'ollama', 'ollama'),
  {
    ...chat('@elevenlabs/elevenlabs-js', 'elevenlabs', 'elevenlabs'),
    job: 'speech, read as it comes',
    returns: { bytes: SPEECH.length },
  },
  chat('@microsoft/fetch-event-source', 'fetch-event-source', 'openai', { status: 200 }),
  chat('axios', 'axios-fetch', 'openai', { status: 200 }),
]

/** Packages that call anything. */
const GENERAL: readonly Case[] = [
  notes('axios', 'axios-xhr', 'XMLHttpRequest: upload progress, a text that grows, a 404', {
    status: 201,
    made: made('axios'),
    uploaded: [22, 22],
    missing: 404,
    text: TICKED,
  }),
  notes('@octokit/core', 'octokit', 'lists and opens issues, asks GraphQL, meets a 404', {
    titles: ['one', 'two'],
    made: [201, 'from octokit'],
    login: 'octocat',
    gone: ['HttpError', 404],
  }),
  notes('ky', 'ky', 'posts, tries again after a 503, reads with progress, meets a 404', {
    made: made('ky'),
    retried: { free: 'ky' },
    missing: ['HTTPError', 404],
    ticks: TICKED.length,
    text: TICKED,
  }),
  notes('ofetch', 'ofetch', 'posts, tries again after a 503, reads a stream, meets a 404', {
    made: made('ofetch'),
    retried: { free: 'ofetch' },
    missing: ['FetchError', 404],
    text: TICKED,
  }),
  notes('superagent', 'superagent', 'posts with progress, reads a blob, meets a 404', {
    status: 201,
    made: made('superagent'),
    type: 'application/json',
    progress: ['download', 'upload'],
    missing: 404,
    blob: [true, 'application/json'],
  }),
  notes('jquery', 'jquery', 'JSON and a form with its events, meets a 404', {
    made: made('jQuery'),
    form: { a: '1', b: 'zwei & drei' },
    missing: [404, 'error', 'not found'],
    events: [
      ...['ajaxSend', 'ajaxSuccess', 'ajaxComplete', 'ajaxSend', 'ajaxSuccess', 'ajaxComplete'],
      ...['ajaxSend', 'ajaxError', 'ajaxComplete'],
    ],
  }),
  notes('htmx.org', 'htmx', 'a form whose answer is put into the page', { list: '<li>from htmx</li>' }),
  notes('graphql-request', 'graphql-request', 'a query, a mutation, an error', {
    asked: { greet: 'hello you' },
    made: { remember: 'blue it is' },
    failed: [true, true],
  }),
  notes('@urql/core', 'urql', 'a query and a mutation', {
    asked: { greet: 'hello you' },
    made: { remember: 'green it is' },
    errors: [],
  }),
  notes('@apollo/client', 'apollo', 'a query, a mutation, an error', {
    asked: { greet: 'hello you' },
    made: { remember: 'red it is' },
    failed: true,
  }),
  notes('@supabase/supabase-js', 'supabase', 'reads with a count, makes, meets a 404, keeps a file', {
    read: [200, [FIRST], 1],
    made: made('supabase-js'),
    missing: [404, 'not found'],
    kept: 'a/note.txt',
  }),
  notes('papaparse', 'papaparse', 'a table, whole and in ranges, and a 404', {
    whole: { rows: ROWS, last: { row: `${ROWS}`, name: `name ${ROWS}` }, pieces: 1 },
    ranges: { rows: ROWS, last: { row: `${ROWS}`, name: `name ${ROWS}` } },
    missing: 'Not Found',
  }),
  notes(
    'whatwg-fetch',
    'whatwg-fetch',
    'a fetch of its own over XMLHttpRequest: posts, aborts, meets a 404',
    {
      posted: [201, 'Created', '/notes', made('whatwg-fetch')],
      missing: [404, '{"message":"not found"}'],
      aborted: 'AbortError',
    },
  ),
  notes('wretch', 'wretch', 'posts, meets a 404', { made: made('wretch'), missing: [404, 'cors'] }),
  notes('openapi-fetch', 'openapi-fetch', 'posts and reads through its middleware, meets a 404', {
    made: made('openapi-fetch'),
    error: { message: 'not found' },
    seen: [
      ['POST', '/notes'],
      [201, false],
      ['GET', '/notes/missing'],
      [404, false],
    ],
  }),
  notes('eventsource', 'eventsource', 'reads events with their ids', {
    seen: [
      'open',
      ...TICKED.trim()
        .split('\n')
        .map((_, at) => String(at + 1)),
    ],
    text: TICKED.replaceAll('\n', ''),
  }),
  notes('rxjs', 'rxjs', 'ajax with download progress, fromFetch, meets a 404', {
    made: made('rxjs'),
    last: 'download_load',
    missing: ['AjaxError', 404],
    fetched: FIRST,
    text: TICKED,
  }),
]

/** Every case, one row each. */
export const CASES: readonly Case[] = [...MODELS, ...GENERAL]
