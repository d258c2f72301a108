import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findCapability } from '../native-host/store/capabilities.ts'
import { FrameReader } from '../native-host/transport/frame-reader.ts'
import { PROTOCOL_VERSION } from '../shared/protocol/limits.ts'
import type { FrameToHost } from '../shared/protocol/native-frames.ts'
import { framesIn } from '../shared/protocol/several.ts'
import { OwnedVault } from '../test/support/owned-vault.ts'

const SITE = 'https://recorded.example'
const JSON_TYPE = 'application/json'
const QUESTION = Buffer.from(
  '{"model":"recorded","stream":true,"messages":[{"role":"user","content":"hello"}]}',
)
/** What the service says to the first call and to the second. */
const ANSWERS = [
  { type: JSON_TYPE, pieces: ['{"object":"list","data":[]}\n'] },
  {
    type: 'text/event-stream',
    pieces: [
      'data: {"choices":[{"delta":{"content":"hel"}}]}\n\n',
      'data: {"usage":{"total_tokens":3}}\n\n',
      'data: [DONE]\n\n',
    ],
  },
]

/** A vault and a service of their own, and the calls of a page that most pages make first: a list, and a chat that streams. */
export class RecordedCalls {
  readonly #vault: OwnedVault
  readonly #service: Server
  readonly #url: string

  private constructor(vault: OwnedVault, service: Server, url: string) {
    this.#vault = vault
    this.#service = service
    this.#url = url
  }

  /** Make both. */
  static async prepare(): Promise<RecordedCalls> {
    const service = createServer(
      (request, response) => void answer(request.method === 'GET' ? 0 : 1, response),
    )
    await once(service.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`
    const vault = await OwnedVault.create()
    vault.addService('recorded', url, `sk-recorded-${crypto.randomUUID()}`)
    vault.addCapability('chat', 'recorded', ['GET /v1/models', 'POST /v1/chat/completions'])
    const capability = findCapability(vault.store, vault.keys, 'chat')
    if (capability === null) throw new Error('no capability')
    vault.connect(SITE, capability)
    return new RecordedCalls(vault, service, url)
  }

  /** The vault's folder. */
  get vault(): string {
    return this.#vault.home
  }

  /** Have a host on that vault greet and make the calls. Rejects where one does not end. */
  async make(host: ChildProcess): Promise<void> {
    const send = (frame: FrameToHost) => void host.stdin?.write(wireBytes(frame))
    const come = arrivals(host)
    send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'build', heads: [] })
    await come('hello')
    const witnessed = { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: 'recorded' }
    send({ type: 'document', document: 1, witnessed })
    await come('catch')
    const call = { document: 1, redirect: 'follow' } as const
    send({
      ...call,
      type: 'ask',
      id: 2,
      method: 'GET',
      url: `${this.#url}/models`,
      headers: [],
      hasBody: false,
      bodyLength: null,
    })
    await come('end')
    const body = { hasBody: true, bodyLength: QUESTION.length }
    const headers: [string, string][] = [['content-type', JSON_TYPE]]
    send({
      ...call,
      ...body,
      type: 'ask',
      id: 3,
      method: 'POST',
      url: `${this.#url}/chat/completions`,
      headers,
    })
    send({ type: 'body', id: 3, base64: QUESTION.toString('base64') })
    send({ type: 'body-end', id: 3 })
    await come('end')
  }

  async close(): Promise<void> {
    this.#service.closeAllConnections()
    this.#service.close()
    await this.#vault.remove()
  }
}

async function answer(which: 0 | 1, response: ServerResponse): Promise<void> {
  const { type, pieces } = ANSWERS[which] as (typeof ANSWERS)[number]
  response.writeHead(200, { 'content-type': type })
  for (const piece of pieces) {
    response.write(piece)
    // Each is to be a chunk of its own.
    await new Promise((resolve) => setImmediate(resolve))
  }
  response.end()
}

function wireBytes(frame: FrameToHost): Buffer {
  const text = Buffer.from(JSON.stringify(frame))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text])
}

/** Resolves with the next frame of a type. Rejects where a call ends in another way. */
function arrivals(host: ChildProcess): (type: string) => Promise<void> {
  const reader = new FrameReader()
  let wanted: { type: string; resolve: () => void; reject: (why: Error) => void } | null = null
  host.stdout?.on('data', (bytes: Buffer) => {
    for (const frame of [...reader.push(bytes)].flatMap(framesIn)) {
      const { type } = frame as { type: string }
      if (type === wanted?.type) wanted.resolve()
      else if (type === 'problem' || type === 'cut') wanted?.reject(new Error(JSON.stringify(frame)))
    }
  })
  return (type) => new Promise((resolve, reject) => (wanted = { type, resolve, reject }))
}
