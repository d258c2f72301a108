import type { BodyRule } from '../../shared/model/capability.ts'
import { type OracleFields, oracleFold, oracleFolds, oracleForm, oracleMultipart } from './oracle-forms.ts'
import { oracleOperations } from './oracle-graphql.ts'
import { type OracleJson, oracleJson, oracleNumber } from './oracle-json.ts'

/** A body as the second opinion sees it. */
export interface OracleBody {
  isEmpty: boolean
  isJson: boolean
  /** Null: not JSON, or not strictly. */
  json: OracleJson | null
  /** Null: no form, or one that could be read in two ways. */
  fields: OracleFields | null
  /** A form with a field that some servers take for the method. */
  relabels: boolean
}

/** Read a body by its content type. */
export function oracleBody(
  headers: readonly (readonly [string, string])[],
  bytes: Uint8Array | null,
): OracleBody {
  const type = headers.find(([name]) => name === 'content-type')?.[1].toLowerCase() ?? ''
  const raw = bytes ?? new Uint8Array()
  const text = Buffer.from(raw).toString('latin1')
  const isJson = ['application/json', 'application/json;charset=utf-8', 'application/vnd.x+json'].includes(
    type,
  )
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  const boundary = /^multipart\/form-data; ?boundary=([a-z0-9_.+-]+)$/.exec(type)?.[1] ?? null
  const plainForm =
    isForm && ['', ';charset=utf-8'].includes(type.slice('application/x-www-form-urlencoded'.length))
  return {
    isEmpty: raw.length === 0,
    isJson,
    json: isJson ? oracleJson(raw) : null,
    fields: plainForm ? oracleForm(raw) : boundary === null ? null : oracleMultipart(raw, boundary),
    relabels: isForm ? pairsRelabel(text) : type.startsWith('multipart/') && text.includes(' name="_method"'),
  }
}

function pairsRelabel(text: string): boolean {
  return text.split(/[&;]/).some((pair) => decodesTo(pair.split('=')[0] ?? '', '_method'))
}

function decodesTo(text: string, wanted: string): boolean {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim().toLowerCase() === wanted
  } catch {
    return false
  }
}

/** Whether a body meets all conditions and the list of models. */
export function oracleMeets(
  { json, fields }: OracleBody,
  conditions: readonly BodyRule[],
  models: readonly string[] | null,
): boolean {
  if (json?.is !== 'object' && fields === null) return false
  if (fields?.some(([name]) => name.trim().toLowerCase() === '_method')) return false
  const graphql = conditions.filter((rule) => rule.op === 'graphql')
  if (graphql.length > 0 && !(json?.is === 'object' && meetsGraphql(json, graphql))) return false
  const lone = conditions.filter((rule) => rule.op !== 'graphql')
  const body = json?.is === 'object' ? json : (fields as OracleFields)
  return lone.every((rule) => meetsOne(body, rule)) && (models === null || meetsModels(body, models))
}

type JsonObject = Extract<OracleJson, { is: 'object' }>
type Body = JsonObject | OracleFields
type Lone = Exclude<BodyRule, { op: 'graphql' }>

/** What a pointer finds; `unsure` where some server could find something else. */
function find(body: Body, pointer: string): OracleJson | 'unsure' | null {
  const steps = pointer.split('/').slice(1)
  if (Array.isArray(body)) {
    const [name = ''] = steps
    if (steps.length > 1) return 'unsure'
    const isAlike = ([other]: [string, unknown]) =>
      other !== name &&
      (other.startsWith('__proto__') || oracleFolds(other).includes(oracleFolds(name)[0] ?? ''))
    if (body.some(isAlike)) return 'unsure'
    const found = body.find(([other]) => other === name)
    if (found === undefined) return null
    // A form has texts alone; a file is there, and is like nothing.
    return found[1] === null ? { is: 'array', items: [] } : { is: 'scalar', value: found[1] }
  }
  let at: OracleJson | null = body
  for (const step of steps) {
    if (at?.is === 'array') at = at.items[Number(step)] ?? null
    else if (at?.is === 'object') {
      if (
        at.members.some(
          ([key]) => key !== step && (key === '__proto__' || oracleFold(key) === oracleFold(step)),
        )
      )
        return 'unsure'
      at = at.members.find(([key]) => key === step)?.[1] ?? null
    } else return null
  }
  return at
}

function meetsOne(body: Body, rule: Lone): boolean {
  const isForm = Array.isArray(body)
  if (rule.op === 'fields') {
    const names = isForm ? body.map(([name]) => name) : body.members.map(([key]) => key)
    return names.every((name) => rule.only.includes(name))
  }
  const found = find(body, rule.pointer)
  if (found === 'unsure') return false
  if (rule.op === 'absent') return found === null
  if (rule.op === 'present') return found !== null
  if (found === null) return rule.op === '<=' && rule.orAbsent === true
  if (rule.op === 'in') return rule.values.some((value) => isSame(found, value, isForm))
  const number = isForm
    ? formNumber(found)
    : found.is === 'number' && !found.text.startsWith('-')
      ? oracleNumber(found.text)
      : null
  return number !== null && number >= 0 && number <= rule.limit
}

function formNumber(found: OracleJson): number | null {
  if (found.is !== 'scalar' || typeof found.value !== 'string' || !/^\d+(\.\d+)?$/.test(found.value))
    return null
  if (/^0\d/.test(found.value)) return null
  return found.value.replace('.', '').length <= 15 ? Number(found.value) : null
}

function isSame(found: OracleJson, value: string | number | boolean, isForm: boolean): boolean {
  if (isForm) return found.is === 'scalar' && found.value === `${value}`
  if (found.is === 'number') return typeof value === 'number' && oracleNumber(found.text) === value
  return found.is === 'scalar' && found.value === value
}

function meetsModels(body: Body, models: readonly string[]): boolean {
  const [model, id, list] = [find(body, '/model'), find(body, '/model_id'), find(body, '/models')]
  if (model === 'unsure' || id === 'unsure' || list === 'unsure') return false
  const fallbacks = list?.is === 'array' && !Array.isArray(body) ? list.items : list === null ? [] : [list]
  if (model === null && id === null) return false
  return [model, id, ...fallbacks].every(
    (each) =>
      each === null ||
      (each.is === 'scalar' && typeof each.value === 'string' && models.includes(each.value)),
  )
}

function meetsGraphql(body: JsonObject, rules: readonly Extract<BodyRule, { op: 'graphql' }>[]): boolean {
  const members = new Map(body.members)
  for (const [key, value] of members) {
    if (!['query', 'operationName', 'variables', 'extensions'].includes(key)) return false
    const isNull = value.is === 'scalar' && value.value === null
    if ((key === 'variables' || key === 'extensions') && value.is !== 'object' && !isNull) return false
    if (
      key === 'extensions' &&
      value.is === 'object' &&
      value.members.some(([name]) => name !== 'clientLibrary')
    )
      return false
    if (key === 'operationName' && !(value.is === 'scalar' && (isNull || typeof value.value === 'string')))
      return false
  }
  const query = members.get('query')
  const operations =
    query?.is === 'scalar' && typeof query.value === 'string' ? oracleOperations(query.value) : null
  if (operations === null) return false
  const name = members.get('operationName')
  const wanted = name?.is === 'scalar' ? name.value : null
  if (wanted === null ? operations.length > 1 : !operations.some((each) => each.name === wanted)) return false
  return operations.every(({ kind, name: own, fields }) => {
    const about = rules.filter(
      (rule) => rule.kind === kind && (rule.names === null || rule.names.some((each) => each === own)),
    )
    const lists = (field: string) =>
      about.some((rule) => rule.fields?.includes(field) ?? !/^__(?:schema|type)$/.test(field))
    return about.length > 0 && fields.every((field) => field === '__typename' || lists(field))
  })
}
