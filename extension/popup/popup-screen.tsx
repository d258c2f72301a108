import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { HostObstacle } from '../ui/host-obstacle.tsx'
import type { HostScreen } from '../ui/host-screen.ts'
import { LogNotice } from '../ui/log-notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { PauseNotice } from '../ui/pause-notice.tsx'
import { t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import { PendingApprovals } from './pending-approvals.tsx'
import type { PopupState } from './popup-state.ts'
import { SessionList } from './session-list.tsx'
import { SiteCard } from './site-card.tsx'
import { useEarly } from './told-of-page.ts'
import { ToldOfPage } from './told-of-page-cards.tsx'
import { WaitingSites } from './waiting-sites.tsx'

/** Where there is no host, the room about this machine says what there is. */
const TROUBLES: readonly HostScreen[] = ['missing', 'forbidden', 'mismatch', 'exited']

/** What the popup shows below its head: the first thing that stands in the way, else the site and the sessions. */
export function PopupScreen(props: { state: PopupState; model: PopupModel; owner: Pick<Owner, 'send'> }) {
  const { state, model } = props
  switch (state.screen) {
    case 'no-vault':
    case 'no-keys':
      return <FirstRun screen={state.screen} model={model} />
    case 'ready':
      return <Ready state={state} model={model} />
    default:
      return (
        <>
          {state.screen === 'locked' ? <WaitingSites state={state} model={model} /> : null}
          <HostObstacle
            screen={state.screen}
            snapshot={state.owner}
            owner={props.owner}
            onAgain={() => model.checkAgain()}
          />
          {TROUBLES.includes(state.screen) ? (
            <div class="row">
              <Button kind="quiet" small onPress={() => model.openControlRoom('devices')}>
                {t('roomDevices')}
              </Button>
            </div>
          ) : null}
        </>
      )
  }
}

/** The vault is open: what waits, the site in front, every live session, and what was told of the site's page since. */
function Ready({ state, model }: { state: PopupState; model: PopupModel }) {
  const isEarly = useEarly(state)
  return (
    <>
      <PendingApprovals state={state} model={model} />
      <WaitingSites state={state} model={model} />
      <LogNotice status={state.owner.status} />
      <PauseNotice owner={state.owner} onResume={() => model.resumeAll()} />
      <SiteCard state={state} model={model} shows={isEarly} />
      <SessionList state={state} model={model} />
      <div class="stack told-late">
        <ToldOfPage state={state} model={model} shows={(name) => !isEarly(name)} />
      </div>
    </>
  )
}

function FirstRun(props: { screen: 'no-vault' | 'no-keys'; model: PopupModel }) {
  const vault = props.screen === 'no-vault'
  return (
    <EmptyState
      title={t(vault ? 'noVaultTitle' : 'noKeysTitle')}
      text={t(vault ? 'noVaultText' : 'noKeysText')}
    >
      <Button kind="primary" onPress={() => props.model.openControlRoom('welcome')}>
        {t(vault ? 'noVaultDo' : 'noKeysDo')}
      </Button>
    </EmptyState>
  )
}
