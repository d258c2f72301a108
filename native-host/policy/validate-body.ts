import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import { type Sentence, say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { bodyRuleText } from './body-rule-text.ts'
import { pointerTokens } from './json.ts'

/** A name of GraphQL (specification section 2.1.9). */
const GRAPHQL_NAME = /^[_A-Za-z][_0-9A-Za-z]*$/

/**
 * Check the conditions a capability puts on bodies, one by one and together: none that cannot be evaluated, none that
 * nothing could meet.
 *
 * @throws Refusal `invalid` with a sentence that says what is wrong.
 */
export function checkBodyRules({ body, models }: Capability): void {
  for (const rule of body) checkBodyRule(rule)
  if (models?.includes('')) throw invalid('the name of a model must not be empty')
  if (models !== null && body.some(({ op }) => op === 'graphql'))
    throw invalid('a GraphQL request names no model, so nothing could meet both conditions')
  for (const rule of body) for (const other of body) checkPair(rule, other)
}

/** Check a pointer into a body. @throws Refusal `invalid`. */
export function checkPointer(pointer: string): void {
  if (!pointerTokens(pointer)?.length)
    throw invalid(say`\`${pointer}\` is not a JSON pointer such as \`/key\``)
}

function checkBodyRule(rule: BodyRule): void {
  if (rule.op === 'fields') return checkNames(rule, rule.only, /./s)
  if (rule.op === 'graphql') {
    checkNames(rule, rule.fields ?? ['any'], GRAPHQL_NAME)
    return checkNames(rule, rule.names ?? ['any'], GRAPHQL_NAME)
  }
  checkPointer(rule.pointer)
  if (rule.op === 'in' && rule.values.length === 0)
    throw invalid(say`\`${rule.pointer} in\` has no value, so nothing could meet it`)
  if (rule.op === '<=' && !(Number.isFinite(rule.limit) && rule.limit >= 0))
    throw invalid(say`\`${bodyRuleText(rule)}\` needs a number from zero up`)
}

function checkNames(rule: BodyRule, names: readonly string[], shape: RegExp): void {
  if (names.length === 0) throw invalid(say`\`${bodyRuleText(rule)}\` has no name, so nothing could meet it`)
  if (new Set(names).size !== names.length)
    throw invalid(say`in \`${bodyRuleText(rule)}\` a name stands there twice`)
  const odd = names.find((name) => !shape.test(name))
  if (odd !== undefined) throw invalid(say`in \`${bodyRuleText(rule)}\`, \`${odd}\` is not a name`)
}

/** Two conditions that no body meets both. */
function checkPair(rule: BodyRule, other: BodyRule): void {
  const [wanted, isLeftOut] = [wantedBy(rule), leftOutBy(other)]
  if (wanted !== null && isLeftOut(wanted))
    throw invalid(say`nothing could meet both \`${bodyRuleText(rule)}\` and \`${bodyRuleText(other)}\``)
}

/** The tokens of the pointer to what must be there; null where nothing must. */
function wantedBy(rule: BodyRule): readonly string[] | null {
  if (rule.op === 'graphql') return ['query']
  if (rule.op === 'fields' || rule.op === 'absent') return null
  return rule.op === '<=' && rule.orAbsent === true ? null : pointerTokens(rule.pointer)
}

function leftOutBy(rule: BodyRule): (tokens: readonly string[]) => boolean {
  if (rule.op === 'fields') return ([first = '']) => !rule.only.includes(first)
  if (rule.op !== 'absent') return () => false
  const left = pointerTokens(rule.pointer) ?? []
  return (tokens) => left.every((token, index) => token === tokens[index])
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
