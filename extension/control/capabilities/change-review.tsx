import { useState } from 'preact/hooks'
import type {
  CapabilityDifference,
  CapabilityPreview,
  ReplayedCall,
} from '../../../shared/model/capability-edit.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { t } from '../../ui/strings.ts'
import { ConfirmButton } from '../confirm-button.tsx'
import { differenceText, replayTexts } from './difference-words.ts'
import { effectText } from './effect-words.ts'

/** Most recorded calls that are shown one by one. */
const MOST_CALLS = 10

/** What a change comes to, in words, and the last step before it is saved. */
export function ChangeReview(props: {
  owner: Pick<Owner, 'send'>
  preview: CapabilityPreview
  /** What is said first. */
  text: string
  /** What a capability of this id is called. */
  nameOf: (id: string) => string
  onSaved: () => Promise<void>
  onBack: () => void
}) {
  const { owner, preview } = props
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    const { digest, edit, before, widens } = preview
    setBusy(true)
    try {
      // SECURITY: said only by the press that was asked for what becomes possible.
      const widen = widens ? { widen: true as const } : {}
      await owner.send({ name: 'capability-update', id: before.id, edit, digest, ...widen })
      await props.onSaved()
    } catch (refusal) {
      setTrouble(refusalText(refusal))
      setBusy(false)
    }
  }
  return (
    <Card title={t('changeTitle')}>
      <h2>{t('changeTitle')}</h2>
      <p class="soft">{props.text}</p>
      <Differences preview={preview} nameOf={props.nameOf} />
      <Replayed replay={preview.replay} />
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      <div class="row">
        <SaveButton preview={preview} busy={busy} onSave={() => void save()} />
        <Button small disabled={busy} onPress={props.onBack}>
          {t('back')}
        </Button>
      </div>
    </Card>
  )
}

function SaveButton(props: { preview: CapabilityPreview; busy: boolean; onSave: () => void }) {
  const { differences, widens } = props.preview
  if (differences.length === 0) return null
  if (widens && !props.busy)
    return (
      <ConfirmButton
        text={t('allowMore')}
        question={t('allowMoreAsk')}
        back={t('cancel')}
        onConfirm={props.onSave}
      />
    )
  return (
    <Button kind="primary" small busy={props.busy} onPress={props.onSave}>
      {t('save')}
    </Button>
  )
}

function Differences(props: { preview: CapabilityPreview; nameOf: (id: string) => string }) {
  const { differences, before } = props.preview
  const currency = before.limits.prices?.currency ?? ''
  if (differences.length === 0) return <p>{t('changeNothing')}</p>
  const shared = { currency, nameOf: props.nameOf }
  const [opening, closing] = [true, false].map((opens) => differences.filter((each) => each.opens === opens))
  return (
    <>
      <DifferenceList title={t('changeOpens')} tone="warn" differences={opening ?? []} {...shared} />
      <DifferenceList title={t('changeCloses')} tone="good" differences={closing ?? []} {...shared} />
    </>
  )
}

function DifferenceList(props: {
  title: string
  tone: 'warn' | 'good'
  differences: readonly CapabilityDifference[]
  currency: string
  nameOf: (id: string) => string
}) {
  if (props.differences.length === 0) return null
  return (
    <Notice tone={props.tone}>
      <h3>{props.title}</h3>
      <ul class="differences stack-tight">
        {props.differences.map((difference) => {
          const text = differenceText(difference, props.currency, props.nameOf)
          return (
            <li key={text}>
              <ForeignText text={text} />
            </li>
          )
        })}
      </ul>
    </Notice>
  )
}

function Replayed(props: { replay: CapabilityPreview['replay'] }) {
  const { changed } = props.replay
  return (
    <div class="stack-tight">
      <h3>{t('replayTitle')}</h3>
      {replayTexts(props.replay).map((text) => (
        <p key={text}>{text}</p>
      ))}
      {changed.length === 0 ? null : (
        <ul class="rules">
          {changed.slice(0, MOST_CALLS).map((call) => (
            <ReplayedLine key={JSON.stringify(call)} call={call} />
          ))}
        </ul>
      )}
    </div>
  )
}

function ReplayedLine(props: { call: ReplayedCall }) {
  const { method, url, query, count, was, now } = props.call
  const address = query.length === 0 ? url : `${url}?${query.join('&')}`
  return (
    <li>
      <span class="small">{t('replayChange', effectText(was), effectText(now), count)}</span>
      <code dir="ltr">
        <ForeignText text={`${method} ${address}`} />
      </code>
    </li>
  )
}
