import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql/language'
import type { GraphqlKind } from '../../shared/model/capability.ts'

/** One operation of a document, as far as rules speak of it. */
export interface GraphqlOperation {
  readonly kind: GraphqlKind
  /** Null: it has no name. */
  readonly name: string | null
  /** Real names of the root fields, those in fragments too, whatever aliases and directives stand at them. */
  readonly fields: ReadonlySet<string>
}

/** Fields that show a service's schema (GraphQL specification section 4.2). At any depth they count as root fields. */
export const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type'])

/** Most tokens of one document. The largest queries of real pages have some 5000; nesting is bounded by it too. */
const MAX_TOKENS = 10_000

/** What ends a comment or counts as a blank for some lexers and not for others: controls, Unicode's line ends, a mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ODD = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\r(?!\n)/

/**
 * Read a document (GraphQL specification section 2) that holds operations and their fragments and nothing else.
 *
 * @returns every operation, at least one; null for anything else: another kind of definition, a name that stands twice, a
 *   fragment that is missing, several operations of which one has no name, a description before one (newer than the
 *   grammar of October 2021: an older server reads something else there, or nothing), too many tokens.
 */
export function readOperations(text: string): GraphqlOperation[] | null {
  const document = ODD.test(text) ? null : parsed(text)
  if (document === null) return null
  const operations: OperationDefinitionNode[] = []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if ('description' in definition && definition.description !== undefined) return null
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
    else if (definition.kind === Kind.FRAGMENT_DEFINITION && !fragments.has(definition.name.value))
      fragments.set(definition.name.value, definition)
    else return null
  }
  const names = new Set(operations.map(({ name }) => name?.value))
  if (names.size !== operations.length || (names.has(undefined) && names.size > 1)) return null
  const shown = introspected(document)
  const read = operations.map((operation) => readOperation(operation, fragments, shown))
  return read.length > 0 && read.every((each) => each !== null) ? read : null
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, { noLocation: true, maxTokens: MAX_TOKENS })
  } catch {
    // A syntax error, or a text nested deeper than the stack.
    return null
  }
}

function readOperation(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  shown: ReadonlySet<string>,
): GraphqlOperation | null {
  const fields = new Set(shown)
  const visited = new Set<string>()
  const open: SelectionSetNode[] = [operation.selectionSet]
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet)
      else {
        const fragment = fragments.get(selection.name.value)
        if (fragment === undefined) return null
        if (!visited.has(selection.name.value)) open.push(fragment.selectionSet)
        visited.add(selection.name.value)
      }
    }
  }
  return { kind: operation.operation, name: operation.name?.value ?? null, fields }
}

/** Introspection anywhere in the document: a field may lead back to the root (`mutation { x { query { __schema … } } }`). */
function introspected(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>()
  const open: SelectionSetNode[] = document.definitions.flatMap((definition) =>
    'selectionSet' in definition ? definition.selectionSet : [],
  )
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD && INTROSPECTION.has(selection.name.value))
        found.add(selection.name.value)
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) open.push(selection.selectionSet)
    }
  }
  return found
}
