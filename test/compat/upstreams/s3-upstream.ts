import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AwsKeys, awsFault } from '../../support/upstreams/aws-verifier.ts'
import {
  type LoopbackServer,
  readBody,
  startLoopbackServer,
} from '../../support/upstreams/loopback-server.ts'

/** One bucket of S3, at both of its addresses: in the path, and before the host name. */
export interface S3Upstream extends LoopbackServer {
  /** What was wrong with calls, oldest first. */
  readonly faults: string[]
  /** What is in the bucket, by its name. */
  readonly objects: Map<string, Buffer>
}

export const BUCKET = 'my-bucket'

/** Start it. It verifies every signature and every body, see `aws-verifier.ts`, and answers in S3's own XML. */
export async function startS3Upstream(keys: AwsKeys): Promise<S3Upstream> {
  const [faults, objects]: [string[], Map<string, Buffer>] = [[], new Map()]
  const server = await startLoopbackServer(async (request, response) => {
    const body = await readBody(request)
    const fault = awsFault(request, body, keys)
    if (fault === null) return answer(request, response, body, objects)
    faults.push(fault)
    refuse(response, 403, fault)
  })
  return Object.assign(server, { faults, objects })
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  objects: Map<string, Buffer>,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://s3.test')
  const inHost = request.headers.host?.startsWith(`${BUCKET}.`) === true
  const path = inHost ? pathname : pathname.replace(new RegExp(`^/${BUCKET}(?=/|$)`), '')
  if (path === pathname && !inHost) return refuse(response, 404, 'NoSuchBucket')
  const key = decodeURIComponent(path.slice(1))
  if (request.method === 'PUT') {
    objects.set(key, body)
    response.writeHead(200, { etag: '"of-it"' }).end()
    return
  }
  if (key === '') return list(response, objects)
  const found = objects.get(key)
  if (found === undefined) refuse(response, 404, 'NoSuchKey')
  else response.writeHead(200, { 'content-type': 'text/plain', etag: '"of-it"' }).end(found)
}

function list(response: ServerResponse, objects: Map<string, Buffer>): void {
  const contents = [...objects].map(
    ([key, { length }]) => `<Contents><Key>${key}</Key><Size>${length}</Size></Contents>`,
  )
  const inside = `<Name>${BUCKET}</Name><KeyCount>${objects.size}</KeyCount><IsTruncated>false</IsTruncated>`
  xml(response, 200, `<ListBucketResult>${inside}${contents.join('')}</ListBucketResult>`)
}

function refuse(response: ServerResponse, status: number, code: string): void {
  xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

function xml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
}
