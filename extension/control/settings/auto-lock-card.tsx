import type { AutoLockMinutes } from '../../../shared/protocol/auto-lock-commands.ts'
import { Card } from '../../ui/card.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { durationText } from '../../ui/duration-text.ts'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import { Waiting } from '../../ui/waiting.tsx'
import type { ControlModel, ControlState } from '../model.ts'
import { useAnswer } from '../use-answer.ts'

const ASK = { name: 'auto-lock' } as const

/** What is offered, in minutes; the command line takes any number of them. */
const OFFERED: readonly AutoLockMinutes[] = [5, 15, 60, 480, null]

/** After how long without use the vault locks itself, and what that means where a slot opens it without a word. */
export function AutoLockCard(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}) {
  const { value, refusal, again } = useAnswer(props.owner, ASK, null)
  if (value === null)
    return refusal === null ? <Waiting text={t('autoLock')} /> : <Notice tone="danger">{refusal}</Notice>
  const choose = async (chosen: string) => {
    await props.model.order({ name: 'auto-lock-set', minutes: minutesOf(chosen) }, t('autoLockChosen'))
    again()
  }
  const { minutes } = value
  const slots = props.state.owner.status?.slots ?? []
  return (
    <Card title={t('autoLock')}>
      <h2>{t('autoLock')}</h2>
      <ChoiceField
        label={t('autoLockAfter')}
        hint={t('autoLockText')}
        value={nameOf(minutes)}
        options={offered(minutes).map((each) => [nameOf(each), wordsOf(each)] as const)}
        onChoose={(chosen) => void choose(chosen)}
      />
      {slots.includes('keychain') || slots.includes('key-file') ? (
        <p class="small soft">{t('autoLockStored')}</p>
      ) : null}
    </Card>
  )
}

/** With what the owner chose elsewhere, in its place. */
function offered(current: AutoLockMinutes): AutoLockMinutes[] {
  if (OFFERED.includes(current)) return [...OFFERED]
  const order = (minutes: AutoLockMinutes) => minutes ?? Number.POSITIVE_INFINITY
  return [...OFFERED, current].sort((a, b) => order(a) - order(b))
}

function nameOf(minutes: AutoLockMinutes): string {
  return minutes === null ? 'never' : String(minutes)
}

function minutesOf(name: string): AutoLockMinutes {
  return name === 'never' ? null : Number(name)
}

function wordsOf(minutes: AutoLockMinutes): string {
  return minutes === null ? t('autoLockNever') : durationText(minutes * 60, 'long')
}
