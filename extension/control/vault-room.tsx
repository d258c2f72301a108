import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import type { ControlModel, ControlState } from './model.ts'

const SLOTS: Record<string, MessageName> = {
  passphrase: 'slotPassphrase',
  'key-file': 'slotKeyFile',
  keychain: 'slotKeychain',
  recovery: 'slotRecovery',
}

/** The vault itself: what opens it, and locking it now. */
export function VaultRoom(props: { state: ControlState; model: ControlModel }) {
  const { status } = props.state.owner
  return (
    <>
      <h1>{t('roomVault')}</h1>
      <Card title={t('vaultOpen')}>
        <h2>{t('vaultOpen')}</h2>
        <p class="soft">{t('vaultOpenText')}</p>
        <div class="row">
          <Button
            kind="primary"
            onPress={() => void props.model.order({ name: 'vault-lock' }, t('vaultNowLocked'))}
          >
            {t('lockNow')}
          </Button>
        </div>
      </Card>
      <Card title={t('whatOpens')}>
        <h2>{t('whatOpens')}</h2>
        <ul class="row">
          {(status?.slots ?? []).map((slot) => (
            <li key={slot}>
              <Chip>{slotName(slot)}</Chip>
            </li>
          ))}
        </ul>
        <p class="small soft">{t('hostVersion', status?.version ?? '?')}</p>
      </Card>
    </>
  )
}

function slotName(slot: string): string {
  const name = SLOTS[slot]
  return name === undefined ? slot : t(name)
}
