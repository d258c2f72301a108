import type { ServicePart } from '../../shared/model/preset-change.ts'
import type { Queue } from '../../shared/model/queue.ts'
import type { ModelList } from '../../shared/model/service.ts'

/**
 * Whether a part of a service that is said otherwise lets something through that was not, or sends something elsewhere. Errs
 * towards yes.
 *
 * @param was what was said, null for nothing; `now` likewise.
 */
export function partOpens(part: ServicePart, was: unknown, now: unknown): boolean {
  switch (part) {
    case 'denied':
    case 'minting':
    case 'stripped-header':
    case 'stripped-query':
    case 'stripped-json':
    case 'stripped-form':
      return now === null
    case 'denied-field':
    case 'denied-field-below':
      return !holdsAll((now ?? []) as string[], (was ?? []) as string[])
    case 'allowed-header':
    case 'base-url':
      return now !== null
    // SECURITY: where the key goes, and what is sent with it, is never taken over along with the rest.
    case 'auth':
    case 'sent-header':
      return true
    case 'queue':
      return queueOpens(was as Queue | null, now as Queue | null)
    case 'model-lists':
      return !holdsAll(shownLess((now ?? []) as ModelList[]), shownLess((was ?? []) as ModelList[]))
    case 'placeholder':
    case 'label':
    case 'hazard':
      return false
  }
}

/** By its queue a service's calls hold their place for longer: what makes fewer of them hold it lets more run at once. */
function queueOpens(was: Queue | null, now: Queue | null): boolean {
  if (was === null) return false
  if (now === null) return true
  const { jobs, except = [], results, waiting, over = [], ...pointers } = now
  const { jobs: _, except: __, results: ___, waiting: ____, over: _____, ...before } = was
  return !(
    holdsAll(jobs, was.jobs) &&
    holdsAll(waiting, was.waiting) &&
    holdsAll(was.except ?? [], except) &&
    holdsAll(was.results, results) &&
    holdsAll(was.over ?? [], over) &&
    JSON.stringify(pointers) === JSON.stringify(before)
  )
}

function shownLess(lists: readonly ModelList[]): string[] {
  return lists.flatMap(({ paths, withoutOwners }) =>
    paths.flatMap((path) => withoutOwners.map((owner) => `${path} ${owner}`)),
  )
}

function holdsAll(all: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((one) => all.includes(one))
}
