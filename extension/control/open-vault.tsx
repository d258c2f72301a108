import type { ComponentChildren } from 'preact'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { HostObstacle } from '../ui/host-obstacle.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import type { ControlModel, ControlState } from './model.ts'

/** Shows what is inside once the vault is open; until then what stands in the way, and its mend. */
export function OpenVault(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
  children: ComponentChildren
}) {
  const { state, model } = props
  const obstacle = (
    <HostObstacle
      screen={state.screen}
      snapshot={state.owner}
      owner={props.owner}
      onAgain={() => model.refresh()}
    />
  )
  switch (state.screen) {
    case 'no-vault':
      return (
        <EmptyState whole title={t('noVaultTitle')} text={t('noVaultText')}>
          <a href="#welcome">{t('noVaultDo')}</a>
        </EmptyState>
      )
    case 'no-keys':
    case 'ready':
      return <>{props.children}</>
    case 'starting':
    case 'locked':
      return <Outside>{obstacle}</Outside>
    default:
      return (
        <Outside>
          <Card>{obstacle}</Card>
        </Outside>
      )
  }
}

/** No room is shown, so its heading is missing: whoever goes by headings still learns which page this is. */
function Outside(props: { children: ComponentChildren }) {
  return (
    <>
      <h1 class="aloud">{t('controlRoom')}</h1>
      {props.children}
    </>
  )
}
