import type { ComponentChildren } from 'preact'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { HostTrouble } from '../ui/host-trouble.tsx'
import { LockedCard } from '../ui/locked-card.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
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
      return <LockedCard owner={props.owner} slots={state.owner.status?.slots ?? []} />
    default:
      return <>{props.children}</>
  }
}
