import { useCallback, useEffect, useState } from 'preact/hooks'
import type { ServiceSummary, ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { TestResult } from './test-result.tsx'

/** Tests a new service at once, says what came of it, and lets the owner go on or take it back. */
export function ServiceTest(props: {
  owner: Pick<Owner, 'send'>
  service: ServiceSummary
  onDone: () => void
  onTakeBack: () => void
}) {
  const { result, error, busy, again } = useServiceTest(props.owner, props.service.id)
  const works = result?.outcome === 'accepted' || result?.outcome === 'no-key-needed'
  return (
    <Card title={t('testTitle', labelText(props.service.label))}>
      <h2>{t('testTitle', labelText(props.service.label))}</h2>
      <div class="stack" role="status">
        {busy ? <p class="soft">{t('testing')}</p> : null}
        {!busy && result !== null ? <TestResult result={result} service={props.service} /> : null}
        {!busy && error !== null ? <Notice tone="danger">{error}</Notice> : null}
      </div>
      <div class="row">
        <Button kind={works ? 'primary' : 'plain'} disabled={busy} onPress={props.onDone}>
          {t(works ? 'goOn' : 'keepAnyway')}
        </Button>
        <Button busy={busy} onPress={again}>
          {t('testAgain')}
        </Button>
        <Button kind="quiet" disabled={busy} onPress={props.onTakeBack}>
          {t('enterAgain')}
        </Button>
      </div>
    </Card>
  )
}

function useServiceTest(owner: Pick<Owner, 'send'>, id: string) {
  const [result, setResult] = useState<ServiceTestResult | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(true)
  const again = useCallback(async () => {
    setBusy(true)
    setError(null)
    try {
      setResult(await owner.send({ name: 'service-test', id }))
    } catch (refusal) {
      setError(refusalText(refusal))
    }
    setBusy(false)
  }, [owner, id])
  useEffect(() => void again(), [again])
  return { result, error, busy, again }
}
