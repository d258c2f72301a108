import { dereference, upgrade } from '@scalar/openapi-parser'
import { type Sentence, said, say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { membersOf, readDocument } from './read-document.ts'

/** Methods of a path in OpenAPI that can be sent here. */
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const

/** Most operations of one document: the largest published ones have a few thousand. */
const MOST_OPERATIONS = 20_000

/** One operation of an API, as its description has it. */
export interface Operation {
  /** Its `operationId`, or `METHOD /path` where it has none. */
  readonly name: string
  readonly method: string
  /** With `{name}` for what the caller fills in. */
  readonly path: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly deprecated: boolean
  /** Names it takes in the query; null where they cannot be listed: lists, objects, or a part that is not in the file. */
  readonly query: readonly string[] | null
  /** Codes it says it answers with: `200`, `2XX`, `default`. */
  readonly answers: readonly string[]
  /** Members of its JSON body, as far as they are listed; empty for none. */
  readonly bodyMembers: readonly string[]
}

/** A described API. */
export interface ApiDescription {
  readonly title: string
  /** As written; may be relative or hold `{variables}`. */
  readonly servers: readonly { readonly url: string; readonly variables: Readonly<Record<string, string>> }[]
  readonly securitySchemes: Readonly<Record<string, Record<string, unknown>>>
  /** Names of the schemes that are asked for of every operation, the first alternative first. */
  readonly security: readonly string[]
  readonly operations: readonly Operation[]
  /** Paths that stand in another file: nothing is fetched. */
  readonly elsewhere: readonly string[]
}

/**
 * Read an OpenAPI document: 3.x, or 2.0 (Swagger), which is lifted first. References within the file are followed, others
 * are not: nothing is fetched.
 *
 * @throws Refusal `invalid` where it is none.
 */
export function readOpenApi(text: string): ApiDescription {
  const written = membersOf(readDocument(text))
  if (written === null) throw notOne('it has no members')
  const document = resolved(written)
  const paths = membersOf(document.paths)
  if (paths === null) throw notOne('it has no paths')
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    operationsOf(path, membersOf(item) ?? {}),
  )
  if (operations.length > MOST_OPERATIONS) throw notOne(say`it has more than ${MOST_OPERATIONS} operations`)
  const schemes = membersOf(membersOf(document.components)?.securitySchemes) ?? {}
  return {
    title: textOr(membersOf(document.info)?.title, 'API'),
    servers: listOf(document.servers).map(serverOf),
    securitySchemes: Object.fromEntries(
      Object.entries(schemes).map(([name, value]) => [name, membersOf(value) ?? {}]),
    ),
    security: listOf(document.security).flatMap((each) => Object.keys(membersOf(each) ?? {})),
    operations,
    elsewhere: Object.keys(paths).filter((path) => typeof membersOf(paths[path])?.$ref === 'string'),
  }
}

function resolved(written: Record<string, unknown>): Record<string, unknown> {
  try {
    const { schema } = dereference(upgrade(written).specification as Record<string, unknown>)
    return membersOf(schema) ?? {}
  } catch {
    // SECURITY: what a library says of a broken document may quote it.
    throw notOne('its parts cannot be put together')
  }
}

function notOne(why: Sentence): Refusal {
  return new Refusal('invalid', say`this is not an OpenAPI document: ${said(why)}`)
}

function operationsOf(path: string, item: Record<string, unknown>): Operation[] {
  return METHODS.flatMap((method) => {
    const operation = membersOf(item[method])
    if (operation === null) return []
    const upper = method.toUpperCase()
    return [
      {
        name: textOr(operation.operationId, `${upper} ${path}`),
        method: upper,
        path,
        tags: listOf(operation.tags).filter((tag) => typeof tag === 'string'),
        summary: textOr(operation.summary, '').slice(0, 200),
        deprecated: operation.deprecated === true,
        query: queryNames([...listOf(item.parameters), ...listOf(operation.parameters)]),
        answers: Object.keys(membersOf(operation.responses) ?? {}),
        bodyMembers: bodyMembers(membersOf(operation.requestBody)),
      },
    ]
  })
}

/** Null where one of them may come several times or under names that are made up. */
function queryNames(parameters: readonly unknown[]): string[] | null {
  const names: string[] = []
  for (const each of parameters) {
    const parameter = membersOf(each)
    if (parameter === null || typeof parameter.$ref === 'string') return null
    if (parameter.in !== 'query' || typeof parameter.name !== 'string') continue
    const type = membersOf(parameter.schema)?.type
    const repeats = type === 'array' && parameter.explode !== false
    if (repeats || type === 'object' || parameter.style === 'deepObject' || parameter.content !== undefined)
      return null
    names.push(parameter.name)
  }
  return [...new Set(names)]
}

function bodyMembers(body: Record<string, unknown> | null): string[] {
  const json = membersOf(membersOf(body?.content)?.['application/json'])
  return Object.keys(membersOf(membersOf(json?.schema)?.properties) ?? {})
}

function serverOf(value: unknown): ApiDescription['servers'][number] {
  const server = membersOf(value) ?? {}
  const variables = Object.entries(membersOf(server.variables) ?? {}).map(([name, each]) => [
    name,
    textOr(membersOf(each)?.default, ''),
  ])
  return { url: textOr(server.url, ''), variables: Object.fromEntries(variables) }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value : otherwise
}
