import { pointerGet } from './json.ts'
import type { JsonNode } from './json-node.ts'

/** One GraphQL request, read from its JSON. */
export interface GraphqlRequest {
  readonly document: string
  /** Null: none is named. */
  readonly operationName: string | null
}

/**
 * Members of a request (GraphQL over HTTP section 5.2). Any other could name a document that the server has stored (`id`,
 * `doc_id`, `documentId`, …) and be run in place of the text.
 */
const MEMBERS: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions'])

/** Extensions that change nothing of what is run: the library that asks (Apollo Client). Not so `persistedQuery`. */
const EXTENSIONS: ReadonlySet<string> = new Set(['clientLibrary'])

/**
 * Read one request with its whole document. Null for anything else: a batch, a stored document, a member no server must
 * know, a document above 256 Ki characters.
 */
export function readGraphqlRequest(body: JsonNode): GraphqlRequest | null {
  if (body.kind !== 'object' || !body.members.every(({ key }) => MEMBERS.has(key))) return null
  const query = pointerGet(body, '/query')
  const name = pointerGet(body, '/operationName')
  if (query?.kind !== 'string' || query.value.length > 256 * 1024) return null
  if (name !== null && name.kind !== 'null' && name.kind !== 'string') return null
  if (!isObjectOrNone(pointerGet(body, '/variables'))) return null
  const extensions = pointerGet(body, '/extensions')
  if (!isObjectOrNone(extensions)) return null
  if (extensions?.kind === 'object' && !extensions.members.every(({ key }) => EXTENSIONS.has(key)))
    return null
  return { document: query.value, operationName: name?.kind === 'string' ? name.value : null }
}

function isObjectOrNone(node: JsonNode | null): boolean {
  return node === null || node.kind === 'null' || node.kind === 'object'
}
