import { useId } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import { isPlain, type PresetChange } from '../../../shared/model/preset-change.ts'
import { Chip } from '../../ui/chip.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type MessageName, t } from '../../ui/strings.ts'
import './preset-update.css'
import { presetDifferenceText } from './preset-words.ts'

interface Group {
  title: MessageName
  tone: 'good' | 'warn' | 'neutral'
  holds: (change: PresetChange) => boolean
}

const GROUPS: readonly Group[] = [
  { title: 'presetPlain', tone: 'good', holds: isPlain },
  { title: 'presetOpens', tone: 'warn', holds: ({ standing, opens }) => standing === 'preset' && opens },
  { title: 'presetYours', tone: 'neutral', holds: ({ standing }) => standing === 'yours' },
  { title: 'presetUnknown', tone: 'neutral', holds: ({ standing }) => standing === 'unknown' },
]

/** What a preset says otherwise, by what it does and whose doing it is, each with a box to tick. */
export function ChangeList(props: {
  changes: readonly PresetChange[]
  capabilities: readonly Capability[]
  ticked: ReadonlySet<string>
  onTick: (id: string, on: boolean) => void
}) {
  return (
    <>
      {GROUPS.map(({ title, tone, holds }) => {
        const these = props.changes.filter(holds)
        if (these.length === 0) return null
        return (
          <Notice key={title} tone={tone}>
            <h3>{t(title)}</h3>
            <ul class="differences stack-tight">
              {these.map((change) => (
                <ChangeRow
                  key={change.id}
                  change={change}
                  capability={props.capabilities.find(({ id }) => id === change.capability)}
                  isTicked={props.ticked.has(change.id)}
                  // Under its own title it need not be said again.
                  isMarked={change.opens && title !== 'presetOpens'}
                  onTick={(on) => props.onTick(change.id, on)}
                />
              ))}
            </ul>
          </Notice>
        )
      })}
    </>
  )
}

function ChangeRow(props: {
  change: PresetChange
  /** Absent: it is in the service itself. */
  capability: Capability | undefined
  isTicked: boolean
  isMarked: boolean
  onTick: (on: boolean) => void
}) {
  const { change, capability } = props
  const id = useId()
  const currency = capability?.limits.prices?.currency ?? ''
  return (
    <li class="preset-change">
      <input
        type="checkbox"
        id={id}
        checked={props.isTicked}
        onChange={(event) => props.onTick(event.currentTarget.checked)}
      />
      <label for={id} class="stack-tight">
        {change.what.map((difference) => {
          const text = presetDifferenceText(difference, currency)
          return (
            <span key={text}>
              <ForeignText text={text} />
            </span>
          )
        })}
        {capability === undefined ? null : (
          <span class="small soft">
            <ForeignText text={t('presetIn', capability.label)} />
          </span>
        )}
        {props.isMarked ? (
          <span>
            <Chip tone="warn">{t('presetOpensMark')}</Chip>
          </span>
        ) : null}
      </label>
    </li>
  )
}
