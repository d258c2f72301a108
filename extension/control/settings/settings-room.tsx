import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import { useSettings } from '../../ui/use-settings.ts'
import type { ControlModel, ControlState } from '../model.ts'
import { AppearanceCard } from './appearance-card.tsx'
import { AutoLockCard } from './auto-lock-card.tsx'
import { ConnectingCard } from './connecting-card.tsx'
import { KeyboardCard } from './keyboard-card.tsx'
import { PauseCard } from './pause-card.tsx'
import { ToolbarCard } from './toolbar-card.tsx'

/** What the owner chooses for this browser, and, where the vault is open, for the vault. */
export function SettingsRoom(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}) {
  const { state, model } = props
  const settings = useSettings()
  const isOpen = state.screen === 'ready' || state.screen === 'no-keys'
  return (
    <>
      <h1>{t('roomSettings')}</h1>
      <AppearanceCard settings={settings} model={model} />
      <ConnectingCard settings={settings} model={model} />
      <ToolbarCard settings={settings} model={model} />
      <KeyboardCard model={model} />
      {isOpen ? (
        <>
          <AutoLockCard {...props} />
          <PauseCard {...props} />
        </>
      ) : (
        <p class="soft">
          {t('settingsLocked')} <a href="#vault">{t('roomVault')}</a>
        </p>
      )}
    </>
  )
}
