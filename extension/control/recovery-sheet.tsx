import { useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import './recovery-sheet.css'

/** The recovery code, shown once: to copy or print, and to say that it is stored. */
export function RecoverySheet(props: { code: string; onStored: () => void }) {
  const [stored, setStored] = useState(false)
  return (
    <Card title={t('recoveryTitle')}>
      <h2>{t('recoveryTitle')}</h2>
      <p class="soft">{t('recoveryText')}</p>
      <div class="recovery-code">
        <CopyText text={props.code} of={t('recoveryCode')} />
      </div>
      <Notice tone="warn">{t('recoveryOnce')}</Notice>
      <div class="stack no-print">
        <div class="row">
          <Button onPress={() => print()}>{t('print')}</Button>
        </div>
        <label class="row">
          <input
            type="checkbox"
            checked={stored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          {t('recoveryStored')}
        </label>
        <div class="row">
          <Button kind="primary" disabled={!stored} onPress={props.onStored}>
            {t('goOn')}
          </Button>
        </div>
      </div>
    </Card>
  )
}
