import { useMemo, useState } from 'preact/hooks'
import type { DescribedOperation } from '../../../shared/model/described-operation.ts'
import {
  searchedGroups,
  suggestedTicks,
  type Ticked,
  tickGroups,
  withTicks,
} from '../../../shared/model/operation-ticks.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { counted, t } from '../../ui/strings.ts'
import { TagGroup } from './tag-group.tsx'

/** With so many operations in all, every tag begins open. */
const OPEN_UP_TO = 40

/** The operations of a document by their tags, to tick. */
export function TickList(props: {
  operations: readonly DescribedOperation[]
  ticked: ReadonlySet<number>
  /** Given how the ticks follow from those there are. */
  onChange: (change: (ticked: ReadonlySet<number>) => ReadonlySet<number>) => void
}) {
  const { operations, ticked, onChange } = props
  const [text, setText] = useState('')
  const groups = useMemo(() => tickGroups(operations), [operations])
  const found = useMemo(() => searchedGroups(groups, text), [groups, text])
  const shown = useMemo(
    () => new Set(found.flatMap((group) => group.operations.map(({ at }) => at))),
    [found],
  )
  const tick = (some: readonly Ticked[], on: boolean) => onChange((before) => withTicks(before, some, on))
  const startsOpen = text.trim() !== '' || operations.length <= OPEN_UP_TO
  return (
    <div class="stack">
      <Field
        label={t('openapiFind')}
        value={text}
        hint={counted('openapiFound', shown.size)}
        onInput={setText}
      />
      <div class="row">
        <p class="tick-sum" role="status">
          {t('openapiTickedOf', ticked.size, operations.length)}
        </p>
        <Button small onPress={() => onChange(() => suggestedTicks(operations))}>
          {t('openapiTickReading')}
        </Button>
        <Button small disabled={ticked.size === 0} onPress={() => onChange(() => new Set())}>
          {t('openapiTickNone')}
        </Button>
      </div>
      {found.length === 0 ? <p class="soft">{t('openapiFoundNone')}</p> : null}
      <ul class="tag-groups">
        {found.map((group) => (
          <TagGroup
            // What is searched for is open; what the owner opened before stays so when the search is over.
            key={`${text.trim() === ''} ${group.tag === null ? '' : `#${group.tag}`}`}
            group={group}
            ticked={ticked}
            startsOpen={startsOpen}
            onTick={tick}
          />
        ))}
      </ul>
    </div>
  )
}
