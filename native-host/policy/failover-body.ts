import type { Failover } from '../../shared/model/failover.ts'
import { childOf, readJson, spliceMember } from './json.ts'
import { hasKeyVariant } from './key-variant.ts'
import { MalformedJson } from './malformed-json.ts'
import { MODEL_LIST_NAME, MODEL_NAMES } from './model-names.ts'

/**
 * A JSON body with its model under the name it has at the other service; every other byte stays. A body that names no
 * model stays as it is.
 *
 * @returns `failover-model` where the model has no name there, or several are named as alternatives.
 */
export function failoverBody(
  body: Uint8Array,
  models: Failover['models'],
): Uint8Array | 'failover-model' | 'body-malformed' {
  if (models.length === 0) return body
  try {
    return renamed(body, models)
  } catch (error) {
    if (error instanceof MalformedJson) return 'body-malformed'
    throw error
  }
}

function renamed(body: Uint8Array, models: Failover['models']): ReturnType<typeof failoverBody> {
  const read = readJson(body)
  if (read.kind !== 'object') return 'body-malformed'
  // SECURITY: a server that reads `Model` for `model` would get the name that was not mapped.
  if ([...MODEL_NAMES, MODEL_LIST_NAME].some((name) => hasKeyVariant(read, `/${name}`)))
    return 'body-malformed'
  if (childOf(read, MODEL_LIST_NAME) !== null) return 'failover-model'
  let mapped = body
  for (const name of MODEL_NAMES) {
    const node = childOf(readJson(mapped), name)
    if (node === null) continue
    const to = node.kind === 'string' ? nameThere(node.value, models) : null
    if (to === null) return 'failover-model'
    mapped = spliceMember(mapped, readJson(mapped), `/${name}`, new TextEncoder().encode(JSON.stringify(to)))
  }
  return mapped
}

/**
 * What a model is called at the other service; null where it has no name there. A page that was told the other service's
 * models may name one of these.
 */
export function nameThere(model: string, models: Failover['models']): string | null {
  if (models.length === 0) return model
  const named = models.find(({ from }) => from === model)
  if (named !== undefined) return named.to
  if (models.some(({ to }) => to === model)) return model
  return models.find(({ from }) => from === null)?.to ?? null
}
