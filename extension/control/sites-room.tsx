import type { Grant } from '../../shared/model/grant.ts'
import { Chip } from '../ui/chip.tsx'
import { durationText } from '../ui/duration-text.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { dateText } from '../ui/moment-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { t } from '../ui/strings.ts'
import { ConfirmButton } from './confirm-button.tsx'
import type { ControlModel, ControlState } from './model.ts'

/** What was given to which site, newest first. */
export function SitesRoom(props: { state: ControlState; model: ControlModel }) {
  const { owner } = props.state
  const grants = [...(owner.grants ?? [])].sort((a, b) => b.createdAt - a.createdAt)
  return (
    <>
      <h1>{t('roomSites')}</h1>
      {grants.length === 0 ? (
        <EmptyState title={t('noSitesTitle')} text={t('noSitesText')} />
      ) : (
        <ul class="list">
          {grants.map((grant) => (
            <GrantRow key={grant.id} grant={grant} owner={owner} model={props.model} />
          ))}
        </ul>
      )}
    </>
  )
}

function GrantRow(props: { grant: Grant; owner: OwnerSnapshot; model: ControlModel }) {
  const { grant, owner } = props
  const capability = owner.capabilities?.find(({ id }) => id === grant.capability)
  const service = owner.services?.find(({ id }) => id === capability?.service)
  const live = (owner.sessions ?? []).some(
    (session) => session.grant === grant.id && session.endedAt === null,
  )
  const remove = () => void props.model.order({ name: 'grant-remove', id: grant.id }, t('siteRemoved'))
  return (
    <li>
      <div class="grow stack-tight">
        <h2>
          <OriginText origin={grant.origin} />
        </h2>
        {grant.topOrigin === grant.origin ? null : (
          <p class="small soft">
            {t('insideOf')} <OriginText origin={grant.topOrigin} />
          </p>
        )}
        <div class="row">
          <Chip>
            {service === undefined || capability === undefined
              ? grant.capability
              : t('serviceAndCapability', service.label, capability.label)}
          </Chip>
          <Chip tone={live ? 'good' : 'neutral'}>{t(live ? 'siteLive' : 'siteNotLive')}</Chip>
        </div>
        <p class="small soft">{t('givenAt', dateText(grant.createdAt), durationText(grant.ttl, 'long'))}</p>
      </div>
      <ConfirmButton
        text={t('remove')}
        label={t('removeOf', grant.origin)}
        question={t('siteRemoveAsk')}
        onConfirm={remove}
      />
    </li>
  )
}
