import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import type { HostScreen } from '../ui/host-screen.ts'
import { t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'

/** The popup's first line: whose it is, what state the vault is in, and the way to the control room. */
export function PopupHead(props: { screen: HostScreen; model: PopupModel }) {
  return (
    <header class="popup-head">
      <img src="/extension/icons/valet-key-32.png" alt="" />
      <h1>{t('extName')}</h1>
      {props.screen === 'locked' ? <Chip tone="warn">{t('vaultLocked')}</Chip> : null}
      <Button kind="quiet" small onPress={() => props.model.openControlRoom('services')}>
        {t('controlRoom')}
      </Button>
    </header>
  )
}
