import { createHash } from 'node:crypto'
import { type Capability, CapabilitySchema } from '../../shared/model/capability.ts'
import { type Service, ServiceSchema } from '../../shared/model/service.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { CanonicalRequest } from '../policy/request.ts'

/** Told apart from every other hash, and from a later way to make this one. */
const KIND = 'valet-key approval 1'

/** Everything an answer is bound to. */
export interface Asked {
  readonly request: CanonicalRequest
  /** As it would be sent, the credential aside; null: none. */
  readonly body: Uint8Array | null
  readonly witnessed: Witnessed
  /** Id. */
  readonly session: string
  readonly capability: Capability
  readonly service: Service
  readonly rule: string
}

/**
 * SHA-256 in hex over one exact call: what would be sent, the document and session that asked, and all that was decided by.
 * Two calls that differ in any of it differ here: every part is written with its length, every list with its count.
 */
export function digestOf(asked: Asked): string {
  const { request, body, witnessed, session, capability, service, rule } = asked
  const hash = createHash('sha256')
  const part = (bytes: string | Uint8Array) => {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(buffer.length))
    hash.update(length).update(buffer)
  }
  part(KIND)
  part(request.method)
  part(request.url)
  part(String(request.headers.length))
  for (const text of request.headers.flat()) part(text)
  part(body === null ? 'no body' : 'body')
  part(body ?? '')
  for (const each of placeOf(witnessed)) part(JSON.stringify(each))
  part(session)
  part(JSON.stringify(CapabilitySchema.parse(capability)))
  part(JSON.stringify(ServiceSchema.parse(service)))
  part(rule)
  return hash.digest('hex')
}

function placeOf({ origin, topOrigin, tabId, frameId, documentId }: Witnessed) {
  return [origin, topOrigin, tabId, frameId, documentId]
}
