import { createHash } from 'node:crypto'
import { hasBearer, type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** What arrived in one part of an upload. */
export interface UploadedPart {
  name: string
  /** Null for a plain field. */
  fileName: string | null
  type: string | null
  bytes: number
  /** Hex. */
  sha256: string
}

/** A server that takes uploads: `multipart/form-data` is answered part by part, any other body as one part without a name. */
export function startUploadUpstream(key: string): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    if (!hasBearer(request, [key])) {
      request.resume()
      return sendJson(response, 401, { error: { message: 'wrong key' } })
    }
    const type = request.headers['content-type'] ?? ''
    if (type.startsWith('multipart/form-data')) {
      const form = await new Response(new Uint8Array(await readBody(request)), {
        headers: { 'content-type': type },
      }).formData()
      return sendJson(response, 200, { parts: await Promise.all([...form].map(describePart)) })
    }
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
    const part: UploadedPart = { name: '', fileName: null, type, bytes, sha256: hash.digest('hex') }
    sendJson(response, 200, { parts: [part] })
  })
}

async function describePart([name, value]: [string, FormDataEntryValue]): Promise<UploadedPart> {
  const file = typeof value === 'string' ? null : value
  const bytes = file === null ? Buffer.from(String(value)) : Buffer.from(await file.arrayBuffer())
  return {
    name,
    fileName: file?.name ?? null,
    type: file?.type ?? null,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}
