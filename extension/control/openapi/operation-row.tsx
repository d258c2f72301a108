import { useId } from 'preact/hooks'
import type { Ticked } from '../../../shared/model/operation-ticks.ts'
import { Chip } from '../../ui/chip.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { t } from '../../ui/strings.ts'
import { MARKS, reasonText } from './operation-words.ts'

/** One operation with its box, what it does, and why it is suggested or not. */
export function OperationRow(props: { ticked: Ticked; isOn: boolean; onTick: (on: boolean) => void }) {
  const { operation } = props.ticked
  const { method, path, summary, rule, reads, reason, marks } = operation
  const id = useId()
  return (
    <li class="operation">
      <input
        type="checkbox"
        id={id}
        checked={props.isOn}
        disabled={rule === null}
        aria-describedby={`${id}-why`}
        onChange={(event) => props.onTick(event.currentTarget.checked)}
      />
      <div class="grow stack-tight">
        <label for={id} class="operation-name">
          <code dir="ltr">
            <ForeignText text={`${method} ${path}`} />
          </code>
          {summary === '' ? null : (
            <span class="small">
              <ForeignText text={summary} />
            </span>
          )}
        </label>
        <div id={`${id}-why`} class="row small soft">
          {marks.map((mark) => (
            <Chip key={mark} tone={MARKS[mark].tone}>
              {t(MARKS[mark].text)}
            </Chip>
          ))}
          {reads && rule !== null ? <Chip tone="good">{t('openapiReads')}</Chip> : null}
          <span>{rule === null ? t('openapiNoRule') : reasonText(reason)}</span>
        </div>
      </div>
    </li>
  )
}
