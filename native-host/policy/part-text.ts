import type { ServicePart } from '../../shared/model/preset-change.ts'
import type { Queue } from '../../shared/model/queue.ts'
import type { ModelList, PathAuth } from '../../shared/model/service.ts'

/**
 * What a part of a service says, for its owner to read: of a queue only what is not the same on the other side.
 *
 * @param other what it says on the other side. @returns null for null.
 */
export function partText(part: ServicePart, value: unknown, other: unknown): string | null {
  if (value === null) return null
  switch (part) {
    case 'denied-field':
    case 'denied-field-below':
      return (value as string[]).join(', ')
    case 'auth':
      return (value as PathAuth[])
        .map(({ paths, auth }) => `${authText(auth)}: ${paths.join(', ')}`)
        .join('; ')
    case 'queue':
      return queueText(value as Queue, other as Queue | null)
    case 'model-lists':
      return (value as ModelList[])
        .map(({ paths, withoutOwners }) => `${paths.join(', ')} -${withoutOwners.join(' -')}`)
        .join('; ')
    default:
      return String(value)
  }
}

/** With all that its scheme says, but for the names that secrets are stored under where those are the usual ones. */
function authText({ kind, ...settings }: PathAuth['auth']): string {
  const said = Object.entries(settings).filter(([name, value]) => value !== null && name !== 'secret')
  return [kind, ...said.map(([name, value]) => `${name}=${plain(value)}`)].join(' ')
}

function queueText(queue: Queue, other: Queue | null): string {
  const members = Object.entries(queue).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(other?.[name as keyof Queue]),
  )
  return members.map(([name, value]) => `${name}: ${plain(value)}`).join('; ')
}

function plain(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
