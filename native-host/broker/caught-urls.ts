import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { BrokerContext } from './context.ts'

/** Base URLs, sorted. */
export interface CaughtUrls {
  /** Of the services that calls of a document are caught for. */
  readonly baseUrls: string[]
  /** Those of them whose services have no live session now, and a grant that its owner may go on with. */
  readonly paused: string[]
}

/** What is caught for each document now: the services that its pair of origins has a live session or a paused grant for. */
export function caughtUrls(context: BrokerContext): (witnessed: Witnessed) => CaughtUrls {
  const { inventory } = context
  const now = context.now()
  const live = inventory.liveSessions(now)
  const paused = inventory.pausedGrants(now)
  const urlsOf = (service: string | undefined) =>
    (service === undefined ? null : inventory.service(service))?.baseUrls ?? []
  return ({ origin, topOrigin }) => {
    const isOfPair = (one: { origin: string; topOrigin: string }) =>
      one.origin === origin && one.topOrigin === topOrigin
    const liveUrls = new Set(live.filter(isOfPair).flatMap(({ service }) => urlsOf(service)))
    const pausedUrls = new Set(
      paused.filter(isOfPair).flatMap(({ capability }) => urlsOf(inventory.capability(capability)?.service)),
    )
    return {
      baseUrls: [...new Set([...liveUrls, ...pausedUrls])].sort(),
      paused: [...pausedUrls].filter((url) => !liveUrls.has(url)).sort(),
    }
  }
}
