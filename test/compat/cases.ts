import { type Case, FIRST, made, notes, TICKED } from './case.ts'
import { CLIENTS } from './client-cases.ts'
import { MODELS } from './model-cases.ts'
import { ROWS } from './upstreams/notes-upstream.ts'

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
export const CASES: readonly Case[] = [...MODELS, ...GENERAL, ...CLIENTS]
