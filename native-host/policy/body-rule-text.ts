import type { BodyRule, Capability } from '../../shared/model/capability.ts'

/** A condition as the owner writes it: `/max_tokens <= 100`, `graphql query viewer`. */
export function bodyRuleText(rule: BodyRule): string {
  switch (rule.op) {
    case 'in':
      return `${rule.pointer} in ${rule.values.join(',')}`
    case '<=':
      return `${rule.pointer} <= ${rule.limit}${rule.orAbsent === true ? ' or absent' : ''}`
    case 'fields':
      return `fields only ${rule.only.join(',')}`
    case 'graphql':
      return `graphql ${rule.kind} ${rule.fields?.join(',') ?? '*'}${rule.names === null ? '' : ` named ${rule.names.join(',')}`}`
    default:
      return `${rule.pointer} ${rule.op}`
  }
}

/** A list of models as a condition. */
export function modelsText({ models }: Capability): string {
  return `model in ${(models ?? []).join(',')}`
}
