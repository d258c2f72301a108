import { type Failover, type FailoverTrigger, FailoverTriggerSchema } from '../../shared/model/failover.ts'
import { UsageError } from './usage-error.ts'

/** What the owner types of a failover. */
export interface FailoverOptions {
  failover?: string
  failoverOn?: FailoverTrigger[]
  failoverModel?: Failover['models']
  failoverTimeout?: number
}

/** Where the owner says nothing: no answer at all. What the service did answer stays its answer. */
export const DEFAULT_ON: FailoverTrigger[] = ['unreachable', 'timeout']

/** The failover of the options; null where there is none. @throws UsageError for settings without `--failover`. */
export function failoverOf(options: FailoverOptions): Failover | null {
  const { failover, failoverOn, failoverModel, failoverTimeout } = options
  if (failover !== undefined) {
    const models = failoverModel ?? []
    return { capability: failover, on: failoverOn ?? DEFAULT_ON, models, wait: failoverTimeout ?? null }
  }
  if (failoverOn !== undefined || failoverModel !== undefined || failoverTimeout !== undefined)
    throw new UsageError('`--failover-on`, `--failover-model` and `--failover-timeout` go with `--failover`')
  return null
}

/** `unreachable,timeout,429,5xx`, any of them. @throws UsageError. */
export function parseTriggers(text: string): FailoverTrigger[] {
  return text.split(',').map((word) => {
    const parsed = FailoverTriggerSchema.safeParse(word)
    if (!parsed.success)
      throw new UsageError(`\`${word}\` is none of \`unreachable\`, \`timeout\`, \`429\` and \`5xx\``)
    return parsed.data
  })
}

/** Collects `FROM=TO`; `*=TO` is for every model that no other names. @throws UsageError. */
export function collectModelName(text: string, before: Failover['models'] = []): Failover['models'] {
  const at = text.indexOf('=')
  const [from, to] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || to === '')
    throw new UsageError(`\`${text}\` is not \`FROM=TO\`, or \`*=TO\` for any other model`)
  return [...before, { from: from === '*' ? null : from, to }]
}
