import type { DescribedOperation } from './described-operation.ts'

/** An operation with its place in the document's list, which is the only name nobody else chose. */
export interface Ticked {
  readonly at: number
  readonly operation: DescribedOperation
}

/** Operations that the document puts together; `tag` null: those it puts nowhere. */
export interface TickGroup {
  readonly tag: string | null
  readonly operations: readonly Ticked[]
}

/** What a box says of several operations. */
export type TickState = 'none' | 'some' | 'all'

/** The operations by their tags, in the order of the document; one with several tags stands under each of them. */
export function tickGroups(operations: readonly DescribedOperation[]): TickGroup[] {
  const groups = new Map<string | null, Ticked[]>()
  operations.forEach((operation, at) => {
    const tags = operation.tags.length === 0 ? [null] : new Set(operation.tags)
    for (const tag of tags) {
      const group = groups.get(tag)
      if (group === undefined) groups.set(tag, [{ at, operation }])
      else group.push({ at, operation })
    }
  })
  const untagged = groups.get(null)
  groups.delete(null)
  const tagged = [...groups].map(([tag, found]) => ({ tag, operations: found }))
  return untagged === undefined ? tagged : [...tagged, { tag: null, operations: untagged }]
}

/** What a search finds: each word stands in the operation's name, method, path, summary or tag. Groups without any are left out. */
export function searchedGroups(groups: readonly TickGroup[], text: string): TickGroup[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return [...groups]
  return groups.flatMap((group) => {
    const operations = group.operations.filter(({ operation }) => {
      const { operation: name, method, path, summary } = operation
      const all = [name, method, path, summary, group.tag ?? ''].join('\n').toLowerCase()
      return words.every((word) => all.includes(word))
    })
    return operations.length === 0 ? [] : [{ tag: group.tag, operations }]
  })
}

/** What is suggested: everything that only reads, as far as the document tells. */
export function suggestedTicks(operations: readonly DescribedOperation[]): ReadonlySet<number> {
  return new Set(operations.flatMap(({ reads, rule }, at) => (reads && rule !== null ? [at] : [])))
}

/** What the box of a group says. */
export function groupState({ operations }: TickGroup, ticked: ReadonlySet<number>): TickState {
  const able = operations.filter(({ operation }) => operation.rule !== null)
  const count = able.filter(({ at }) => ticked.has(at)).length
  if (count === 0) return 'none'
  return count === able.length ? 'all' : 'some'
}

/** The ticks with those operations ticked or not. What can be no rule is never ticked. */
export function withTicks(
  ticked: ReadonlySet<number>,
  operations: readonly Ticked[],
  on: boolean,
): ReadonlySet<number> {
  const next = new Set(ticked)
  for (const { at, operation } of operations) {
    if (!on) next.delete(at)
    else if (operation.rule !== null) next.add(at)
  }
  return next
}

/** The rules of what is ticked, each once. */
export function tickedRules(
  operations: readonly DescribedOperation[],
  ticked: ReadonlySet<number>,
): string[] {
  const rules = operations.flatMap(({ rule }, at) => (ticked.has(at) && rule !== null ? [rule] : []))
  return [...new Set(rules)]
}
