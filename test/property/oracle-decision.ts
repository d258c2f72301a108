import { type OracleBody, oracleBody, oracleMeets } from './oracle-body.ts'
import { oracleFold, oracleFolds } from './oracle-forms.ts'
import { oracleOperations } from './oracle-graphql.ts'
import { type OracleJson, oracleStripped } from './oracle-json.ts'
import { type OracleRequest, oracleAuth, oracleHolds, oracleRequest, upper } from './oracle-request.ts'
import type { GeneratedAsk } from './policy-asks.ts'
import { oraclePath } from './policy-oracle.ts'
import type { World } from './policy-world.ts'

/**
 * A second decision procedure, written apart from the product from the glossary and DESIGN ("Decide"): deny beats ask
 * beats allow, no match is a denial, what cannot be evaluated is denied.
 */

/** What should become of an ask. */
export interface OracleAnswer {
  effect: 'allow' | 'ask' | 'deny'
  /** Null where it must not become a request at all. */
  request: OracleRequest | null
  /** What of its body leaves: the very bytes, or for JSON without placeholders its value. */
  body: Uint8Array | OracleJson | null
}

/** Decide an ask. @param askWrites whether the owner wants to be asked before writes. */
export function oracleAnswer(
  ask: GeneratedAsk,
  { service, capability }: World,
  askWrites = false,
): OracleAnswer {
  const request = oracleRequest(ask, service)
  if (request === null) return { effect: 'deny', request, body: null }
  const raw = withoutPairs(request, ask.body, service.placeholder)
  const seen = oracleBody(request.headers, raw)
  const denied = { effect: 'deny', request, body: null } as const
  const body = stripped(seen, raw, service)
  if (body === 'unreadable') return denied
  const effect = byRules(request, { service, capability })
  if (effect === 'deny' || oracleAuth(request.method, request.path, service) === null) return denied
  if (seen.relabels || !meets(request, body.is === 'json' ? { ...seen, json: body.value } : seen, capability))
    return denied
  const json = body.is === 'json' ? body.value : seen.isJson ? seen.json : null
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(request.method) || isQuery(request, json, capability)
  const wished = effect === 'allow' && askWrites && !reads ? 'ask' : effect
  return { effect: wished, request, body: body.is === 'json' ? body.value : raw }
}

/** Whether a POST only reads: all its operations are queries, and the capability speaks of GraphQL. */
function isQuery(
  { method }: OracleRequest,
  json: OracleJson | null,
  { body: conditions }: World['capability'],
): boolean {
  if (method !== 'POST' || !conditions.some(({ op }) => op === 'graphql') || json?.is !== 'object')
    return false
  const [, query] = json.members.find(([name]) => name === 'query') ?? []
  const text = query?.is === 'scalar' && typeof query.value === 'string' ? query.value : ''
  const operations = oracleOperations(text) ?? []
  return operations.length > 0 && operations.every(({ kind }) => kind === 'query')
}

/** A form without the pairs that hold the placeholder, whatever its charset. */
function withoutPairs(
  { headers }: OracleRequest,
  raw: Uint8Array | null,
  placeholder: string,
): Uint8Array | null {
  const type = headers.find(([name]) => name === 'content-type')?.[1].toLowerCase() ?? ''
  if (raw === null || !type.startsWith('application/x-www-form-urlencoded')) return raw
  const pairs = Buffer.from(raw).toString('latin1').split('&')
  const decoded = (pair: string) => [...new URLSearchParams(pair)].flat()
  const kept = pairs.filter((pair) => !decoded(pair).some((text) => oracleHolds(text, placeholder)))
  return kept.length === pairs.length ? raw : Buffer.from(kept.join('&'), 'latin1')
}

type Stripped = 'unreadable' | { is: 'same' } | { is: 'json'; value: OracleJson }

/** JSON without the placeholders; read only where there is something to look for. */
function stripped(seen: OracleBody, raw: Uint8Array | null, service: World['service']): Stripped {
  if (!seen.isJson || raw === null || raw.length === 0) return { is: 'same' }
  const { placeholder, strip } = service
  const isSought = strip.jsonFields.length > 0 || Buffer.from(raw).includes(placeholder)
  if (!isSought) return { is: 'same' }
  if (seen.json === null) return 'unreadable'
  const value = oracleStripped(seen.json, (text) => oracleHolds(text, placeholder), strip.jsonFields)
  return JSON.stringify(value) === JSON.stringify(seen.json) ? { is: 'same' } : { is: 'json', value }
}

function byRules(request: OracleRequest, { service, capability }: World): 'allow' | 'ask' | 'deny' {
  const of = (effect: string) =>
    capability.rules.filter((rule) => rule.effect === effect).map(({ pattern }) => pattern)
  const anyMethod = (text: string) => (text.startsWith('/') ? `* ${text}` : text)
  if (service.denyAlways.some((text) => widely(anyMethod(text), request))) return 'deny'
  const named = [...of('allow'), ...of('ask')]
  if (service.credentialMinting.some((text) => widely(anyMethod(text), request) && !named.includes(text)))
    return 'deny'
  if (of('deny').some((text) => widely(text, request))) return 'deny'
  const isAllowed = of('allow').some((text) => exactly(text, request))
  const isAsked = of('ask').some((text) => exactly(text, request) || (isAllowed && widely(text, request)))
  return isAsked ? 'ask' : isAllowed ? 'allow' : 'deny'
}

interface Parts {
  methods: string[]
  path: string
  names: string[] | null
}

function partsOf(pattern: string): Parts {
  const [methods = '', target = ''] = pattern.split(' ')
  const [path = '', ...query] = target.split('?')
  const names = query.length === 0 ? null : (query[0] ?? '').split('&').filter((name) => name !== '')
  return { methods: methods.split(','), path, names }
}

function exactly(pattern: string, { method, path, query }: OracleRequest): boolean {
  const { methods, path: where, names } = partsOf(pattern)
  return (
    (methods.includes('*') || methods.includes(method)) &&
    oraclePath(upper(where), upper(path)) &&
    onlyNamed(names, query)
  )
}

function onlyNamed(names: string[] | null, query: OracleRequest['query']): boolean {
  if (names === null) return true
  const left = [...names]
  return query.every(([name]) => left.includes(name) && left.splice(left.indexOf(name), 1).length === 1)
}

/** As the most lenient server would route it. */
function widely(pattern: string, { method, path, query }: OracleRequest): boolean {
  const { methods, path: where, names } = partsOf(pattern)
  const allowed =
    methods.includes('*') || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
  if (!allowed || !oraclePath(lenient(where), lenient(path))) return false
  if (onlyNamed(names, query)) return true
  return query.some(([name]) => (names ?? []).some((each) => each.toLowerCase() === name.toLowerCase()))
}

function lenient(path: string): string {
  const decoded = path
    .split('%')
    .map((piece, at) =>
      at === 0 ? piece : String.fromCharCode(Number.parseInt(piece.slice(0, 2), 16)) + piece.slice(2),
    )
    .join('')
  const lower = [...decoded]
    .map((letter) => (letter >= 'A' && letter <= 'Z' ? letter.toLowerCase() : letter))
    .join('')
  return lower.length > 1 && lower.endsWith('/') ? lower.slice(0, -1) : lower
}

function meets(request: OracleRequest, body: OracleBody, capability: World['capability']): boolean {
  const { body: conditions, models } = capability
  if (conditions.length === 0 && models === null) return true
  if (conditions.some(({ op }) => op === 'graphql') && request.query.length > 0) return false
  if (body.isEmpty && !['POST', 'PUT', 'PATCH'].includes(request.method)) return true
  const named = conditions.flatMap((rule) => ('pointer' in rule ? [rule.pointer.split('/')[1] ?? ''] : []))
  if (models !== null) named.push('model', 'model_id', 'models')
  const alike = (name: string, field: string) =>
    name.startsWith('__proto__') || oracleFolds(name).includes(oracleFold(field))
  if (request.query.some(([name]) => named.some((field) => alike(name, field)))) return false
  if (body.isEmpty) {
    if (!['POST', 'PUT', 'PATCH'].includes(request.method)) return true
    return (
      models === null &&
      conditions.every(
        (rule) =>
          rule.op === 'absent' || rule.op === 'fields' || (rule.op === '<=' && rule.orAbsent === true),
      )
    )
  }
  return oracleMeets(body, conditions, models)
}
