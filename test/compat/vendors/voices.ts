import { deepEqual, equal } from 'node:assert/strict'
import { sendJson } from '../../support/upstreams/loopback-server.ts'
import { BEARER, fromPreset, inHeader } from './places.ts'
import type { Vendor } from './vendor.ts'

const jsonOf = (body: Buffer) => JSON.parse(body.toString())
/** The recording that `pages/recording.js` makes. */
const RECORDING = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, at) => (at * 13) & 0xff))
const SAID = 'said and written down'

/** Packages that hear, speak and run models. */
export const VOICES: readonly Vendor[] = [
  {
    ...inHeader('authorization', 'Token {}'),
    ...fromPreset('deepgram', 'deepgram-transcribe'),
    package: '@deepgram/sdk',
    page: 'deepgram',
    job: 'writes a recording down',
    handlers: () => ({
      'POST /v1/listen': ({ response, url, body }) => {
        equal(url.searchParams.get('model'), 'nova-3')
        deepEqual(body, RECORDING)
        const alternatives = [{ transcript: SAID, confidence: 1 }]
        sendJson(response, 200, { metadata: {}, results: { channels: [{ alternatives }] } })
      },
    }),
    returns: { said: SAID },
  },
  {
    ...inHeader('authorization'),
    add: ['--preset', 'assemblyai'],
    allow: [
      '--allow',
      'POST /v2/upload',
      '--allow',
      'POST /v2/transcript',
      '--allow',
      'GET /v2/transcript/*',
    ],
    package: 'assemblyai',
    page: 'assemblyai',
    job: 'uploads a recording, asks until it is written down',
    handlers: () => {
      let looks = 0
      return {
        'POST /v2/upload': ({ response, body }) => {
          deepEqual(body, RECORDING)
          sendJson(response, 200, { upload_url: 'https://cdn.assemblyai.test/upload/one' })
        },
        'POST /v2/transcript': ({ response, body }) => {
          equal(jsonOf(body).audio_url, 'https://cdn.assemblyai.test/upload/one')
          sendJson(response, 200, { id: 't1', status: 'queued' })
        },
        'GET /v2/transcript/t1': ({ response }) => {
          looks += 1
          sendJson(response, 200, { id: 't1', status: looks > 1 ? 'completed' : 'processing', text: SAID })
        },
      }
    },
    returns: { said: SAID, status: 'completed' },
  },
  {
    ...BEARER,
    ...fromPreset('replicate', 'replicate-run'),
    package: 'replicate',
    page: 'replicate',
    job: 'runs a model and asks until it has answered',
    handlers: () => {
      let looks = 0
      const record = (more: object) => ({
        id: 'p1',
        urls: { get: 'https://api.replicate.com/v1/predictions/p1' },
        ...more,
      })
      return {
        'POST /v1/models/a/b/predictions': ({ request, response, body }) => {
          equal(request.headers.prefer, 'wait=1')
          deepEqual(jsonOf(body), { input: { prompt: 'hello' } })
          sendJson(response, 201, record({ status: 'starting' }))
        },
        'GET /v1/predictions/p1': ({ response }) => {
          looks += 1
          sendJson(
            response,
            200,
            record(looks > 1 ? { status: 'succeeded', output: ['a', 'b'] } : { status: 'processing' }),
          )
        },
      }
    },
    returns: { output: ['a', 'b'], seen: ['processing', 'succeeded'], missing: 404 },
  },
]
