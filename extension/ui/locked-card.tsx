import { Card } from './card.tsx'
import type { Owner } from './owner.ts'
import { t } from './strings.ts'
import { UnlockForm } from './unlock-form.tsx'

/** The vault is locked, and can be unlocked here. @param props.slots kinds of the vault's slots. */
export function LockedCard(props: { owner: Pick<Owner, 'send'>; slots: string[] }) {
  return (
    <Card title={t('unlockTitle')}>
      <h2>{t('unlockTitle')}</h2>
      <p class="soft">{t('unlockText')}</p>
      <UnlockForm owner={props.owner} slots={props.slots} focus />
    </Card>
  )
}
