import { deepEqual, equal } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { SAID } from './chat-answer.ts'
import { BEARER } from './places.ts'
import type { Asked, Handler, Vendor } from './vendor.ts'

const EVENT = 'event-1'
const TEXT = { label: 'text', type: { type: 'string' }, component: 'Textbox' }

/** What a Gradio app says of itself (gradio.app/docs, "Querying Gradio apps with curl", and its `/config`). */
function configOf({ request }: Asked) {
  const box = (id: number) => ({ id, type: 'textbox', props: {}, api_info: { type: 'string' } })
  const say = { id: 0, api_name: 'say', targets: [], inputs: [1], outputs: [2], queue: true }
  return {
    ...{ version: '5.49.1', protocol: 'sse_v3', api_prefix: '/gradio_api', mode: 'blocks' },
    root: `http://${request.headers.host}`,
    components: [box(1), box(2)],
    dependencies: [{ ...say, api_visibility: 'public', types: { generator: true, cancel: false } }],
  }
}

/** The words so far, then only what comes to them, then the whole, and the end of the stream. */
const stream: Handler = ({ response, url }) => {
  equal(url.searchParams.get('session_hash')?.length !== 0, true)
  const [first = '', ...more] = SAID.match(/\S+ ?/g) ?? []
  const generating = (output: unknown) => ({
    ...{ msg: 'process_generating', event_id: EVENT, success: true },
    output: { data: [output], is_generating: true },
  })
  const messages = [
    { msg: 'estimation', event_id: EVENT, rank: 0, queue_size: 1 },
    { msg: 'process_starts', event_id: EVENT },
    generating(first),
    ...more.map((word) => generating([['append', [], word]])),
    { msg: 'process_completed', event_id: EVENT, success: true, output: { data: [SAID] } },
    { msg: 'close_stream', event_id: null },
  ]
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const message of messages) response.write(`data: ${JSON.stringify(message)}\n\n`)
  response.end()
}

/** Packages that talk with an app somebody has put up with a model in it. */
export const SPACES: readonly Vendor[] = [
  {
    ...BEARER,
    package: '@gradio/client',
    page: 'gradio',
    job: 'reads what an app can do, asks it, and has its words as they come',
    streamed: true,
    handlers: () => ({
      'GET /config': (asked) => sendJson(asked.response, 200, configOf(asked)),
      'GET /gradio_api/info': ({ response }) => {
        const asked = { ...TEXT, parameter_name: 'text', parameter_has_default: false }
        const say = { parameters: [asked], returns: [TEXT] }
        sendJson(response, 200, { named_endpoints: { '/say': say }, unnamed_endpoints: {} })
      },
      'POST /gradio_api/queue/join': ({ response, body }) => {
        deepEqual(JSON.parse(body.toString()).data, ['hello'])
        sendJson(response, 200, { event_id: EVENT })
      },
      'GET /gradio_api/queue/data': stream,
    }),
    returns: { text: SAID, said: SAID },
  },
]
