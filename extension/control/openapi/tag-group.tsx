import { useId, useMemo, useState } from 'preact/hooks'
import { groupState, type Ticked, type TickGroup } from '../../../shared/model/operation-ticks.ts'
import { Button } from '../../ui/button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { counted, t } from '../../ui/strings.ts'
import { OperationRow } from './operation-row.tsx'

/** Operations of a group that are drawn at once: thousands would make every tick slow. */
export const SHOWN_AT_ONCE = 100

/** A tag with a box for all of its operations, which are shown when it is open. */
export function TagGroup(props: {
  group: TickGroup
  ticked: ReadonlySet<number>
  /** It begins so; the owner opens and closes it. */
  startsOpen: boolean
  onTick: (operations: readonly Ticked[], on: boolean) => void
}) {
  const { group, ticked, onTick } = props
  const [isOpen, setOpen] = useState(props.startsOpen)
  const [most, setMost] = useState(SHOWN_AT_ONCE)
  const id = useId()
  const state = groupState(group, ticked)
  const name = group.tag ?? t('openapiNoTag')
  const count = group.operations.filter(({ at }) => ticked.has(at)).length
  return (
    <li class="tag-group">
      <div class="tag-head">
        <input
          type="checkbox"
          aria-label={t('openapiTickAll', name)}
          checked={state === 'all'}
          indeterminate={state === 'some'}
          disabled={group.operations.every(({ operation }) => operation.rule === null)}
          onChange={() => onTick(group.operations, state !== 'all')}
        />
        <button
          type="button"
          class="tag-name"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <span class="grow">
            <ForeignText text={name} />
          </span>
          <span class="small soft">{t('openapiTickedOf', count, group.operations.length)}</span>
        </button>
      </div>
      <div id={id}>
        {isOpen ? (
          <Operations
            operations={group.operations.slice(0, most)}
            label={t('openapiUnder', name)}
            ticked={ticked}
            onTick={(one, on) => onTick([one], on)}
          />
        ) : null}
        {isOpen && group.operations.length > most ? (
          <div class="tag-more">
            <Button small onPress={() => setMost(most + SHOWN_AT_ONCE)}>
              {counted('openapiMore', group.operations.length - most)}
            </Button>
          </div>
        ) : null}
      </div>
    </li>
  )
}

function Operations(props: {
  operations: readonly Ticked[]
  label: string
  ticked: ReadonlySet<number>
  onTick: (one: Ticked, on: boolean) => void
}) {
  return (
    <ul aria-label={props.label}>
      {props.operations.map((one) => (
        <KeptRow key={one.at} one={one} isOn={props.ticked.has(one.at)} onTick={props.onTick} />
      ))}
    </ul>
  )
}

/** Drawn anew only when its own tick changes: a tick in a list of hundreds must not be felt. */
function KeptRow(props: { one: Ticked; isOn: boolean; onTick: (one: Ticked, on: boolean) => void }) {
  const { one, isOn, onTick } = props
  return useMemo(
    () => <OperationRow ticked={one} isOn={isOn} onTick={(on) => onTick(one, on)} />,
    [one, isOn],
  )
}
