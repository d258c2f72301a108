import { useEffect, useState } from 'preact/hooks'
import { LogNotice } from '../ui/log-notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { PauseNotice } from '../ui/pause-notice.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import { Toast } from '../ui/toast.tsx'
import { useStateOf } from '../ui/use-state-of.ts'
import './control-app.css'
import { useTranslations } from '../ui/translations.ts'
import { ActivityRoom } from './activity-room.tsx'
import { BudgetsRoom } from './budgets-room.tsx'
import { CapabilitiesRoom } from './capabilities/capabilities-room.tsx'
import { DevicesRoom } from './devices/devices-room.tsx'
import { FirstRun } from './first-run.tsx'
import { type ControlModel, type ControlState, LOOK_MS } from './model.ts'
import { OpenVault } from './open-vault.tsx'
import { OpenApiRoom } from './openapi/openapi-room.tsx'
import { FROM_OPENAPI, ROOMS, type Room, roomOf, subjectOf } from './room.ts'
import { ServicesRoom } from './services-room.tsx'
import { SettingsRoom } from './settings/settings-room.tsx'
import { SitesRoom } from './sites/sites-room.tsx'
import { VaultRoom } from './vault-room.tsx'

const NAMES: Record<Exclude<Room, 'welcome'>, MessageName> = {
  services: 'roomServices',
  capabilities: 'roomCapabilities',
  sites: 'roomSites',
  budgets: 'roomBudgets',
  activity: 'roomActivity',
  devices: 'menuDevices',
  vault: 'roomVault',
  settings: 'roomSettings',
}

/** The control room: a menu and one room, or the first run. */
export function ControlApp(props: { model: ControlModel; owner: Pick<Owner, 'send' | 'onChanged'> }) {
  const state = useStateOf(props.model)
  useTranslations()
  useEffect(() => {
    const timer = setInterval(() => props.model.look(), LOOK_MS)
    return () => clearInterval(timer)
  }, [props.model])
  const hash = useHash()
  const room = roomOf(hash)
  return (
    <>
      <header class="control-head">
        <div class="control-brand">
          <img src="/extension/icons/valet-key-48.png" alt="" />
          <span>{t('extName')}</span>
        </div>
        {room === 'welcome' ? null : <Menu room={room} />}
      </header>
      <main class="control-room" data-about="">
        {room === 'welcome' ? (
          <FirstRun state={state} model={props.model} owner={props.owner} />
        ) : room === 'devices' ? (
          <DevicesRoom state={state} model={props.model} owner={props.owner} />
        ) : room === 'settings' ? (
          <SettingsRoom state={state} model={props.model} owner={props.owner} />
        ) : (
          <OpenVault state={state} model={props.model} owner={props.owner}>
            <LogNotice status={state.owner.status} />
            <PauseNotice
              owner={state.owner}
              onResume={() => props.model.order({ name: 'vault-resume' }, t('toastAllResumed'))}
            />
            <RoomInside room={room} hash={hash} state={state} model={props.model} owner={props.owner} />
          </OpenVault>
        )}
      </main>
      <Toast text={state.toast} />
    </>
  )
}

function Menu(props: { room: Room }) {
  return (
    <nav aria-label={t('controlRoom')}>
      <ul class="control-menu">
        {ROOMS.map((room) => (
          <li key={room}>
            <a
              href={`#${room}`}
              data-name={t(NAMES[room])}
              aria-current={room === props.room ? 'page' : undefined}
            >
              {t(NAMES[room])}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function RoomInside(props: {
  room: Room
  hash: string
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send' | 'onChanged'>
}) {
  const { room, state, model, owner } = props
  if (room === 'capabilities' && subjectOf(props.hash) === FROM_OPENAPI)
    return <OpenApiRoom state={state} model={model} owner={owner} />
  if (room === 'capabilities')
    return <CapabilitiesRoom state={state} model={model} owner={owner} shown={subjectOf(props.hash)} />
  if (room === 'sites') return <SitesRoom state={state} model={model} owner={owner} />
  if (room === 'activity') return <ActivityRoom state={state} owner={owner} />
  if (room === 'budgets') return <BudgetsRoom state={state} model={model} owner={owner} />
  if (room === 'vault') return <VaultRoom state={state} model={model} owner={owner} />
  return <ServicesRoom state={state} model={model} owner={owner} />
}

/** What the address says after its `#`, with it. */
function useHash(): string {
  const [hash, setHash] = useState(() => location.hash)
  useEffect(() => {
    const follow = () => setHash(location.hash)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return hash
}
