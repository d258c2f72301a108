import type { Capability } from '../../shared/model/capability.ts'
import type { DescribedOperation } from '../../shared/model/described-operation.ts'
import { say } from '../../shared/model/said.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import { Refusal } from '../refusal.ts'
import type { Remark } from './import-plan.ts'
import type { ApiDescription, Operation } from './openapi-document.ts'
import { marksOf } from './openapi-marks.ts'
import { mintsCredential, suggestReading } from './openapi-reading.ts'
import { ruleOf } from './openapi-rules.ts'
import { readingText } from './reading-text.ts'

/** Which operations the owner wants. Nothing named: nothing is ticked. */
export interface Choice {
  readonly tags: readonly string[]
  /** By an `operationId` that no other one has, or as `METHOD /path`. */
  readonly operations: readonly string[]
  /** Of those chosen, or of all where nothing else is named, the ones that only read. */
  readonly readOnly: boolean
}

/** An operation in the list the owner ticks. */
export interface Tick extends DescribedOperation {
  /** Why it is suggested as reading, or is not, in a sentence. */
  readonly why: string
  readonly ticked: boolean
}

/** True where the owner chose anything at all. */
export function isChosen({ tags, operations, readOnly }: Choice): boolean {
  return tags.length > 0 || operations.length > 0 || readOnly
}

/**
 * All operations of an API, those chosen ticked.
 *
 * @param base path below which the service lives, without a last slash.
 * @throws Refusal `unknown` for a tag or an operation that there is not; `invalid` for a name that several operations have.
 */
export function tickList(api: ApiDescription, base: string, choice: Choice): Tick[] {
  checkChoice(api, choice)
  return api.operations.map((operation) => {
    const described = describedOperation(operation, base)
    const { rule, reads, reason } = described
    return {
      ...described,
      why: readingText(reason),
      ticked: rule !== null && isWanted(operation, choice, reads),
    }
  })
}

/** An operation as it stands in the list. @param base as for {@link tickList}. */
export function describedOperation(operation: Operation, base: string): DescribedOperation {
  // A rule lets through what may be a credential only where it is the very text of the service's own denial.
  const rule = ruleOf(mintsCredential(operation) ? { ...operation, query: null } : operation, base)
  const { name, method, path, tags, summary } = operation
  const marks = marksOf(operation)
  return { operation: name, method, path, tags, summary, rule, ...suggestReading(operation), marks }
}

/** What is to be said of the document and of what was ticked in it. */
export function remarksOn(api: ApiDescription, ticks: readonly Tick[]): Remark[] {
  const ticked = ticks.filter((tick) => tick.ticked)
  const minting = new Set(api.operations.filter(mintsCredential).map(({ name }) => name))
  return [
    ...api.elsewhere.map((path) => ({ about: path, text: 'it stands in another file: nothing is fetched' })),
    ...ticks
      .filter(({ rule }) => rule === null)
      .map(({ operation }) => ({ about: operation, text: 'no safe path can match it' })),
    ...ticked
      .filter(({ rule, operation }) => rule !== null && !rule.includes('?') && !minting.has(operation))
      .map(({ operation }) => ({
        about: operation,
        text: 'its query cannot be listed by names: any is let through',
      })),
    ...ticked
      .filter(({ operation }) => minting.has(operation))
      .map(({ operation }) => ({
        about: operation,
        text: 'its answer may itself be a credential, which the page then holds',
      })),
  ]
}

/** The capability of what was ticked; all else is denied. @throws Refusal `invalid` where nothing was. */
export function capabilityOf(
  ticks: readonly Tick[],
  names: { id: string; service: string; label: string },
): Capability {
  const patterns = ticks.filter(({ ticked }) => ticked).map(({ rule }) => rule)
  const rules = [...new Set(patterns.filter((rule) => rule !== null))]
  if (rules.length === 0)
    throw new Refusal('invalid', 'no operation is chosen, so the capability would allow nothing')
  return {
    ...names,
    label: names.label.slice(0, 200),
    rules: rules.map((pattern) => ({ effect: 'allow', pattern })),
    body: [],
    models: null,
    limits: { ...DEFAULT_LIMITS },
  }
}

/** Rules for what no capability may do by a wide rule: operations whose answer may itself be a credential. */
export function mintingRules(api: ApiDescription, base: string): string[] {
  const rules = api.operations
    .filter(mintsCredential)
    .map((operation) => ruleOf({ ...operation, query: null }, base))
  return [...new Set(rules.filter((rule) => rule !== null))]
}

function isWanted(operation: Operation, { tags, operations, readOnly }: Choice, reads: boolean): boolean {
  if (operations.some((wanted) => isCalled(operation, wanted))) return true
  if (tags.length > 0 && !operation.tags.some((tag) => tags.includes(tag))) return false
  return readOnly ? reads && (tags.length > 0 || operations.length === 0) : tags.length > 0
}

// SECURITY: an `operationId` that looks like method and path names nothing, so that a document cannot add to an exact choice.
function isCalled({ name, method, path }: Operation, wanted: string): boolean {
  return /^[A-Z]+ \//.test(wanted) ? wanted === `${method} ${path}` : wanted === name
}

function checkChoice({ operations }: ApiDescription, choice: Choice): void {
  const tag = choice.tags.find((wanted) => !operations.some(({ tags }) => tags.includes(wanted)))
  if (tag !== undefined) throw new Refusal('unknown', say`no operation has the tag \`${tag}\``)
  for (const wanted of choice.operations) {
    const found = operations.filter((operation) => isCalled(operation, wanted))
    if (found.length === 0) throw new Refusal('unknown', say`there is no operation \`${wanted}\``)
    if (found.length > 1)
      throw new Refusal(
        'invalid',
        say`several operations are called \`${wanted}\`: name it as \`METHOD /path\``,
      )
  }
}
