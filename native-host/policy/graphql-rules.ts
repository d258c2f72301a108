import type { BodyRule } from '../../shared/model/capability.ts'
import { type GraphqlOperation, INTROSPECTION, readOperations } from './graphql-operations.ts'
import { readGraphqlRequest } from './graphql-request.ts'
import type { JsonNode } from './json-node.ts'
import type { Reason } from './reason.ts'

/** A condition on GraphQL. Those of one capability are alternatives to each other. */
export type GraphqlRule = Extract<BodyRule, { op: 'graphql' }>

/** The conditions on GraphQL among those of a capability. */
export function graphqlRules(rules: readonly BodyRule[]): GraphqlRule[] {
  return rules.filter((rule) => rule.op === 'graphql')
}

/**
 * Why a body is not a GraphQL request that the rules allow; null where it is. Every operation of the document must be
 * allowed, whichever of them would run.
 *
 * @param rules at least one.
 */
export function graphqlDenial(body: JsonNode, rules: readonly GraphqlRule[]): Reason | null {
  const request = readGraphqlRequest(body)
  const operations = request === null ? null : readOperations(request.document)
  if (request === null || operations === null) return 'body-malformed'
  const { operationName: named } = request
  const isNamed = operations.some(({ name }) => name === named)
  // Several operations and none named: no server may run any of them, so one that does is not to be met.
  if (named === null ? operations.length > 1 : !isNamed) return 'body-malformed'
  return operations.every((operation) => isAllowed(operation, rules)) ? null : 'body-rule'
}

function isAllowed({ kind, name, fields }: GraphqlOperation, rules: readonly GraphqlRule[]): boolean {
  const about = rules.filter(
    (rule) => rule.kind === kind && (rule.names === null || (name !== null && rule.names.includes(name))),
  )
  // `__typename` says nothing but the name of the root type.
  return (
    about.length > 0 &&
    [...fields].every((field) => field === '__typename' || about.some((rule) => lists(rule, field)))
  )
}

function lists({ fields }: GraphqlRule, field: string): boolean {
  return fields === null ? !INTROSPECTION.has(field) : fields.includes(field)
}
