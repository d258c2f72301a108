import type { SiteRefusal } from '../../shared/protocol/session-commands.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { liveSessions } from './live-sessions.ts'
import { LookedAt } from './looked-at.tsx'
import type { PopupModel } from './model.ts'
import { PageKeyNotices } from './page-keys.tsx'
import { PageNotices } from './page-notices.tsx'
import type { PopupState } from './popup-state.ts'
import { RefusedCall } from './refused-call.tsx'
import type { Shows } from './told-of-page.ts'

/**
 * What the browser and the host say of the page in front besides who it is.
 *
 * @param props.shows which of it stands here, by the names of `toldOfPage`.
 */
export function ToldOfPage(props: { state: PopupState; model: PopupModel; shows: Shows }) {
  const { state, model, shows } = props
  const { site } = state
  if (site?.kind !== 'site') return null
  const refusal = standing(state)
  const isConnected = liveSessions(state.owner, Date.now()).some(({ topOrigin }) => topOrigin === site.origin)
  return (
    <>
      {isConnected && state.reachable === false && shows('reach') ? <Unreachable model={model} /> : null}
      {refusal !== null && shows('refusal') ? (
        <RefusedCall refusal={refusal} site={site.origin} model={model} />
      ) : null}
      {isConnected ? <PageNotices state={state} model={model} shows={shows} /> : null}
      <PageKeyNotices state={state} model={model} shows={shows} />
      <LookedAt state={state} shows={shows} />
    </>
  )
}

/** The last call where it was refused for a reason that may still hold: one while everything was paused passes once it is not. */
function standing({ refusal, owner }: PopupState): SiteRefusal | null {
  const isOver = refusal?.reason === 'vault-paused' && owner.state?.paused !== true
  return isOver ? null : refusal
}

/** A grant was made elsewhere, and the browser does not let our scripts run here yet. */
function Unreachable(props: { model: PopupModel }) {
  return (
    <Notice tone="warn">
      <p>{t('unreachableText')}</p>
      <div class="row">
        <Button small onPress={() => props.model.reach()}>
          {t('unreachableDo')}
        </Button>
      </div>
    </Notice>
  )
}
