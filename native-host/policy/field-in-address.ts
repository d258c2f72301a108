import type { Capability } from '../../shared/model/capability.ts'
import { bodyRuleText, modelsText } from './body-rule-text.ts'
import { isFieldVariant } from './field-variant.ts'
import { pointerTokens } from './json.ts'
import { MODEL_LIST_NAME, MODEL_NAMES } from './model-names.ts'
import type { CanonicalRequest } from './request.ts'

/**
 * The condition on a top-level field that some server would find in the query instead; null for none. Servlets take a
 * parameter of the query before that of the form, and Laravel and PHP's `$_REQUEST` add those of the query to the body's.
 */
export function fieldInAddress(
  { query }: Pick<CanonicalRequest, 'query'>,
  capability: Capability,
): string | null {
  if (query.length === 0) return null
  const isSent = (field: string) => query.some(([name]) => name === field || isFieldVariant(name, field))
  const rule = capability.body.find((each) => {
    const [field] = 'pointer' in each ? (pointerTokens(each.pointer) ?? []) : []
    return field !== undefined && isSent(field)
  })
  if (rule !== undefined) return bodyRuleText(rule)
  return capability.models !== null && [...MODEL_NAMES, MODEL_LIST_NAME].some(isSent)
    ? modelsText(capability)
    : null
}
