import type { Grant } from '../../../shared/model/grant.ts'
import type { SessionSummary } from '../../../shared/protocol/session-commands.ts'
import { Chip } from '../../ui/chip.tsx'
import { OriginText } from '../../ui/origin-text.tsx'
import { counted, t } from '../../ui/strings.ts'

/** So many sites are named; the Sites room has them all. */
const MOST = 8

/** Where a capability was given: its sites, and which of them have a live session. */
export function GivenList(props: { grants: readonly Grant[]; live: readonly SessionSummary[] }) {
  const { grants, live } = props
  if (grants.length === 0) return <p class="soft">{t('givenNowhere')}</p>
  return (
    <ul class="stack-tight">
      {grants.slice(0, MOST).map((grant) => (
        <li key={grant.id} class="row">
          <OriginText origin={grant.origin} />
          {grant.topOrigin === grant.origin ? null : (
            <span class="small soft">
              {t('insideOf')} <OriginText origin={grant.topOrigin} />
            </span>
          )}
          {live.some((session) => session.grant === grant.id) ? (
            <Chip tone="good">{t('siteLive')}</Chip>
          ) : null}
        </li>
      ))}
      {grants.length > MOST ? (
        <li>
          <a href="#sites">{counted('moreSites', grants.length - MOST)}</a>
        </li>
      ) : null}
    </ul>
  )
}
