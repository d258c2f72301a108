import type { AuditFinding } from '../../shared/protocol/audit-reading.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted, type MessageName, t, textLanguage } from '../ui/strings.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import type { LogCheck } from './log-check.ts'
import { LookingThrough } from './looking-through.tsx'

const FAULTS = {
  mac: 'faultMac',
  order: 'faultOrder',
  missing: 'faultMissing',
  head: 'faultHead',
  'rolled-back': 'faultRolledBack',
} as const satisfies Record<Extract<AuditFinding, { ok: false }>['reason'], MessageName>

/** A button that has the log checked, and what that came to, in words. */
export function LogCheckCard(props: { check: LogCheck }) {
  const { check } = props
  const { isChecking, checked, head, finding, trouble } = useStateOf(check)
  return (
    <Card title={t('verifyTitle')}>
      <div class="row-apart activity-tool">
        <div class="stack-tight">
          <h2>{t('verifyTitle')}</h2>
          <p class="small soft">{t('verifyText')}</p>
        </div>
        <Button busy={isChecking} onPress={() => void check.start()}>
          {t('verifyNow')}
        </Button>
      </div>
      <div aria-live="polite">
        {isChecking ? <LookingThrough looked={checked} of={head} onStop={() => check.stop()} /> : null}
        {finding?.ok === true ? <Notice tone="good">{counted('logWhole', finding.records)}</Notice> : null}
        {finding?.ok === false ? <Fault finding={finding} /> : null}
        {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      </div>
    </Card>
  )
}

function Fault(props: { finding: Extract<AuditFinding, { ok: false }> }) {
  const { firstBad, reason } = props.finding
  return (
    <Notice tone="danger">
      <strong>{t('logChangedTitle')}</strong>
      <p>{t(FAULTS[reason], new Intl.NumberFormat(textLanguage()).format(firstBad))}</p>
      <p>{t('logChangedText')}</p>
    </Notice>
  )
}
