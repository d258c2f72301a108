import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import type { DeniedFields, Service } from '../../shared/model/service.ts'
import type { BodyDenial } from './body.ts'
import { isFieldVariant } from './field-variant.ts'
import { contentTypeOf } from './json-content.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import { matchesWidely } from './matches-widely.ts'
import { parsePathPattern } from './pattern.ts'
import { type ReadBody, readBody } from './read-body.ts'
import type { CanonicalRequest } from './request.ts'

type Placed = Pick<CanonicalRequest, 'method' | 'path' | 'query'>

/**
 * The fields that a service takes from nobody in calls like this one, unless the capability's own conditions name them.
 *
 * @throws InvalidPattern for a service that did not pass `checkService`.
 */
export function deniedFieldsFor({ method, path, query }: Placed, service: Service): readonly DeniedFields[] {
  const isFor = (pattern: string) => matchesWidely(parsePathPattern(pattern), method, path, query)
  return (service.denyFields ?? []).filter(({ paths }) => paths.some(isFor))
}

/**
 * Check a call for fields that its service denies to all: in the address, in the body at the top, and where the service
 * says so at any depth; in every spelling that some server takes for the same. A JSON `null` is no field. Null: there is none.
 *
 * A capability opens one to itself by a condition of its own that names it: `in`, `present`, or `fields` with it on the list.
 * That opens the field of exactly this name at the top of the body, and no other place or spelling.
 *
 * @param body the whole body; null or empty: there is none. @returns `body-malformed` for one that cannot be read.
 */
export function deniedFieldDenial(
  request: CanonicalRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
): BodyDenial | null {
  const denied = deniedFieldsFor(request, service)
  if (denied.length === 0) return null
  const names = [...new Set(denied.flatMap((each) => each.names))]
  const inAddress = namedBy(
    request.query.map(([name]) => name),
    names,
  )
  if (inAddress !== undefined) return denial(inAddress)
  if (body === null || body.length === 0) return null
  const read = readBody(contentTypeOf(request.headers), body)
  // SECURITY: what cannot be read may hold any field.
  if (read === null) return { reason: 'body-malformed', rule: `no field ${names.join(',')}` }
  const nested = denied.flatMap((each) => (each.nested === true ? each.names : []))
  const { top, below } = namesIn(read)
  const closed = top.filter((name) => !opens(capability, name))
  const found = namedBy(closed, names) ?? namedBy(below, nested)
  return found === undefined ? null : denial(found)
}

function denial(name: string): BodyDenial {
  return { reason: 'field-denied', rule: `no field ${name}` }
}

/** The first of the denied names that one of those sent is, or could be taken for. */
function namedBy(sent: readonly string[], denied: readonly string[]): string | undefined {
  return denied.find((name) => sent.some((each) => each === name || isFieldVariant(each, name)))
}

/** True where a condition of the owner's speaks of the field as one that may be there. */
function opens({ body }: Pick<Capability, 'body'>, name: string): boolean {
  return body.some((rule) => spokenOf(rule).includes(name))
}

/** The fields at the top of a body that a condition speaks of as ones that may be there. */
function spokenOf(rule: BodyRule): readonly string[] {
  if (rule.op === 'fields') return rule.only
  const names = (rule.op === 'in' || rule.op === 'present') && rule.pointer.startsWith('/')
  return names ? [rule.pointer.slice(1)] : []
}

/**
 * The fields that a new condition lets through by naming them: its service denies them, or what they could be taken for, in
 * some calls, and no condition that there was named them.
 */
export function openedBy(rule: BodyRule, before: readonly BodyRule[], service: Service): string[] {
  const names = (service.denyFields ?? []).flatMap((each) => each.names)
  // SECURITY: a spelling that is not the service's own opens itself, too.
  const isDenied = (name: string) => namedBy([name], names) !== undefined
  return spokenOf(rule).filter((name) => isDenied(name) && !opens({ body: [...before] }, name))
}

/** Names of members at the top of a body, and of those below. A form says `a[b]` or `a.b` for a member of a member. */
function namesIn(read: ReadBody): { top: readonly string[]; below: readonly string[] } {
  if ('fields' in read) {
    const top = read.fields.map(({ name }) => name)
    return { top, below: top.flatMap((name) => name.split(/[.[\]]+/).slice(1)) }
  }
  const below = new Set<string>()
  for (const { valueNode } of read.json.members) gather(valueNode, below)
  return { top: read.json.members.filter(isSaid).map(({ key }) => key), below: [...below] }
}

/** Clients that write down every member they know say `null` for those that nobody gave. */
function isSaid({ valueNode }: JsonMember): boolean {
  return valueNode.kind !== 'null'
}

/** The reader bounds depth and number of what there is. */
function gather(node: JsonNode, names: Set<string>): void {
  if (node.kind === 'array') for (const item of node.items) gather(item, names)
  if (node.kind !== 'object') return
  for (const { key, valueNode } of node.members.filter(isSaid)) {
    names.add(key)
    gather(valueNode, names)
  }
}
