import { Card } from '../../ui/card.tsx'
import { HostObstacle } from '../../ui/host-obstacle.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel, ControlState } from '../model.ts'
import { MachineCards } from './machine-cards.tsx'
import { ThisBrowserCard } from './this-browser-card.tsx'
import './devices.css'

/** Screens on which there is a host that answers, whatever its vault is. */
const ANSWERED = ['no-vault', 'locked', 'no-keys', 'ready']

/** This browser, this machine's host, the browsers that would start it, and the hosts that run. There is always something of it to see. */
export function DevicesRoom(props: { state: ControlState; model: ControlModel; owner: Pick<Owner, 'send'> }) {
  const { state, model, owner } = props
  const obstacle = (
    <HostObstacle
      screen={state.screen}
      snapshot={state.owner}
      owner={owner}
      onAgain={() => model.refresh()}
    />
  )
  return (
    <>
      <h1>{t('roomDevices')}</h1>
      {state.screen === 'locked' ? obstacle : null}
      {ANSWERED.includes(state.screen) ? (
        <MachineCards state={state} model={model} owner={owner} />
      ) : (
        <Card>{obstacle}</Card>
      )}
      <ThisBrowserCard hostProtocol={state.owner.state?.hostProtocol ?? null} />
    </>
  )
}
