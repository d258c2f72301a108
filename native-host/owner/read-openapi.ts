import type { DescribedOperation } from '../../shared/model/described-operation.ts'
import { say } from '../../shared/model/said.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import type { OpenApiReading } from '../../shared/protocol/openapi-commands.ts'
import { baseUrlFor, livesAt } from '../import/described-place.ts'
import { inTime } from '../import/in-time.ts'
import { freshName } from '../import/names.ts'
import { unpackDocument } from '../import/unpack-document.ts'
import { Refusal } from '../refusal.ts'
import { listCapabilities } from '../store/capabilities.ts'
import type { OwnerContext } from './context.ts'
import { requireService } from './require.ts'

/** Longest texts of a document that a list shows, in characters, and most tags of one operation. */
const LONGEST = { title: 200, name: 200, path: 500, tag: 80 } as const
const MOST_TAGS = 8
/** How long a document may keep the host from everything else, milliseconds: five times what the largest honest ones take. */
const READ_MS = 10_000
/** Room for the envelope of the frame that carries the list. */
const MOST_BYTES = MAX_FRAME_FROM_HOST - 10_000

/**
 * What an OpenAPI document offers for a service that is there, for its owner to tick. Fetches, saves and records nothing.
 *
 * @param packed gzip, then base64.
 * @throws Refusal `unknown` for a service there is not; `invalid` for what is no such document or describes no operation;
 *   `too-large` for one that a running host does not read, or not in time, or that has more operations than one answer holds.
 */
export async function readOpenApiFor(
  context: OwnerContext,
  id: string,
  packed: string,
): Promise<OpenApiReading> {
  const service = requireService(context, id)
  const text = await unpackDocument(packed)
  const { readOpenApi, baseUrlOf, describedOperation } = await readers()
  const api = inTime(READ_MS, () => readOpenApi(text))
  if (api.operations.length === 0) throw new Refusal('invalid', 'the document describes no operation')
  const described = baseUrlOf(api)
  const baseUrl = baseUrlFor(service, described) ?? ''
  const base = (URL.parse(baseUrl)?.pathname ?? '').replace(/\/+$/, '')
  const taken = listCapabilities(context.store, context.keys).map((capability) => capability.id)
  return fitting({
    title: cut(api.title, LONGEST.title),
    described: described === null ? null : cut(described, LONGEST.path),
    baseUrl,
    isElsewhere: described !== null && !livesAt(service, described),
    operations: api.operations.map((each) => readable(describedOperation(each, base))),
    elsewhere: api.elsewhere.length,
    id: freshName(`${id.slice(0, 50)}-read`, taken),
    limits: { ...DEFAULT_LIMITS },
  })
}

/** The readers are large: a host loads them when it is first given a document. */
async function readers() {
  const [document, list, service] = await Promise.all([
    import('../import/openapi-document.ts'),
    import('../import/import-openapi.ts'),
    import('../import/openapi-service.ts'),
  ])
  return { ...document, ...list, ...service }
}

/** Its texts no longer than anybody reads; the rule stays whole, since it is what gets saved. */
function readable(operation: DescribedOperation): DescribedOperation {
  return {
    ...operation,
    operation: cut(operation.operation, LONGEST.name),
    path: cut(operation.path, LONGEST.path),
    tags: operation.tags.slice(0, MOST_TAGS).map((tag) => cut(tag, LONGEST.tag)),
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

function fitting(reading: OpenApiReading): OpenApiReading {
  if (Buffer.byteLength(JSON.stringify(reading)) <= MOST_BYTES) return reading
  throw new Refusal(
    'too-large',
    say`the document has ${reading.operations.length} operations, more than a list here can hold: \`valetkey import FILE\` takes it`,
  )
}
