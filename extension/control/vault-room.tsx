import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { hostCommand, systemOf } from '../ui/host-command.ts'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import type { ControlModel, ControlState } from './model.ts'
import { VaultSlots } from './vault-slots.tsx'

/** The vault itself: locking it, what opens it, its backup. */
export function VaultRoom(props: { state: ControlState; model: ControlModel; owner: Pick<Owner, 'send'> }) {
  const { model } = props
  const lock = () => void model.order({ name: 'vault-lock' }, t('vaultNowLocked'))
  return (
    <>
      <h1>{t('roomVault')}</h1>
      <Card title={t('vaultOpen')}>
        <h2>{t('vaultOpen')}</h2>
        <p class="soft">{t('vaultOpenText')}</p>
        <div class="row">
          <Button kind="primary" onPress={lock}>
            {t('lockNow')}
          </Button>
        </div>
      </Card>
      <VaultSlots {...props} />
      <Card title={t('backupTitle')}>
        <h2>{t('backupTitle')}</h2>
        <p class="soft">{t('backupText')}</p>
        <p class="small soft">{t('runInFolder')}</p>
        <CopyText text={hostCommand('backup', systemOf(navigator.userAgent), '')} of={t('theCommand')} />
      </Card>
      <div class="stack-tight small">
        <p class="soft">{t('vaultElsewhere')}</p>
        <div class="row">
          <a href="#settings">{t('roomSettings')}</a>
          <a href="#devices">{t('roomDevices')}</a>
        </div>
      </div>
    </>
  )
}
