import type { ComponentChildren } from 'preact'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { HostTrouble } from '../ui/host-trouble.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { UnlockForm } from '../ui/unlock-form.tsx'
import { Waiting } from '../ui/waiting.tsx'
import type { ControlModel, ControlState } from './model.ts'

/** Shows what is inside once the vault is open; until then what stands in the way, and its mend. */
export function OpenVault(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
  children: ComponentChildren
}) {
  const { state, model } = props
  switch (state.screen) {
    case 'starting':
      return <Waiting text={t('starting')} />
    case 'missing':
    case 'forbidden':
    case 'mismatch':
    case 'exited':
      return (
        <Card>
          <HostTrouble trouble={state.screen} state={state.owner.state} onAgain={() => model.refresh()} />
        </Card>
      )
    case 'no-vault':
      return (
        <EmptyState title={t('noVaultTitle')} text={t('noVaultText')}>
          <a href="#welcome">{t('noVaultDo')}</a>
        </EmptyState>
      )
    case 'locked':
      return (
        <Card title={t('unlockTitle')}>
          <h2>{t('unlockTitle')}</h2>
          <p class="soft">{t('unlockText')}</p>
          <UnlockForm owner={props.owner} slots={state.owner.status?.slots ?? []} focus />
        </Card>
      )
    default:
      return <>{props.children}</>
  }
}
