import { useState } from 'preact/hooks'
import type { DescribedOperation, OperationMark } from '../../../shared/model/described-operation.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { counted, t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { LimitsList } from '../capabilities/limits-list.tsx'
import { RulesList } from '../capabilities/rules-list.tsx'
import type { ReadDocument } from './choose-document.tsx'
import type { Drafted } from './tick-operations.tsx'

/** What the host makes of the draft, in words and with its digest, and the last step before it is saved. */
export function DraftReview(props: {
  owner: Pick<Owner, 'send'>
  read: ReadDocument
  ticked: ReadonlySet<number>
  drafted: Drafted
  onSaved: () => Promise<void>
  onBack: () => void
}) {
  const { drafted, read } = props
  const { capability, digest } = drafted.drafted
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await props.owner.send({ name: 'capability-add', draft: drafted.draft, digest })
      await props.onSaved()
    } catch (refusal) {
      setTrouble(refusalText(refusal))
      setBusy(false)
    }
  }
  const chosen = read.reading.operations.filter((_, at) => props.ticked.has(at))
  return (
    <Card title={t('openapiReview')}>
      <h2>{t('openapiReview')}</h2>
      <p>
        <ForeignText text={t('serviceAndCapability', labelText(read.service.label), capability.label)} />
        <br />
        <code class="small soft" dir="ltr">
          {capability.id}
        </code>
      </p>
      <Sums chosen={chosen} />
      <h3>{t('rules')}</h3>
      <RulesList rules={capability.rules} />
      <p class="small soft">{t('openapiRestDenied')}</p>
      <h3>{t('limits')}</h3>
      <LimitsList capability={capability} budget={undefined} />
      <p class="small soft">
        {t('openapiDigest')} <code dir="ltr">{digest}</code>
      </p>
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      <div class="row">
        <Button kind="primary" busy={busy} onPress={() => void save()}>
          {t('openapiSave')}
        </Button>
        <Button disabled={busy} onPress={props.onBack}>
          {t('back')}
        </Button>
      </div>
    </Card>
  )
}

/** How many of what kind are ticked: what is grave is said last and stands out. */
function Sums(props: { chosen: readonly DescribedOperation[] }) {
  const { chosen } = props
  const reading = chosen.filter(({ reads }) => reads).length
  const marked = (mark: OperationMark) => chosen.filter(({ marks }) => marks.includes(mark)).length
  const wide = chosen.filter(({ rule, marks }) => !rule?.includes('?') && !marks.includes('mints')).length
  const grave = [
    [marked('writes'), counted('sumWrites', marked('writes'))],
    [marked('spends'), counted('sumSpends', marked('spends'))],
    [marked('deletes'), counted('sumDeletes', marked('deletes'))],
    [marked('mints'), counted('sumMints', marked('mints'))],
  ] as const
  const shown = grave.filter(([count]) => count > 0)
  return (
    <>
      {reading === 0 ? null : <p>{counted('sumReads', reading)}</p>}
      {shown.length === 0 ? null : (
        <Notice tone="warn">
          <ul class="stack-tight">
            {shown.map(([, text]) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
      {wide === 0 ? null : <p class="small soft">{counted('sumAnyQuery', wide)}</p>}
    </>
  )
}
