import { MAX_CONDITIONS } from '../../../shared/model/capability-bounds.ts'
import { Button } from '../../ui/button.tsx'
import { conditionWords } from '../../ui/condition-words.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { type MessageName, t } from '../../ui/strings.ts'
import {
  CONDITION_KINDS,
  type ConditionDraft,
  type ConditionKind,
  NEW_CONDITION,
  readCondition,
} from './condition-draft.ts'

const KINDS = {
  in: 'conditionKindIn',
  '<=': 'conditionKindAtMost',
  absent: 'conditionKindAbsent',
  present: 'conditionKindPresent',
  fields: 'conditionKindFields',
} as const satisfies Record<ConditionKind, MessageName>

/** The conditions on bodies of a draft. @param props.isLooked whether what cannot be read is marked. */
export function ConditionsEditor(props: {
  conditions: readonly ConditionDraft[]
  isLooked: boolean
  onChange: (conditions: ConditionDraft[]) => void
}) {
  const { conditions, onChange } = props
  const put = (at: number, condition: ConditionDraft) =>
    onChange(conditions.map((each, index) => (index === at ? condition : each)))
  return (
    <fieldset class="rules-editor stack">
      <legend>{t('conditions')}</legend>
      <p class="small soft">{t('conditionsHint')}</p>
      {conditions.map((condition, at) => (
        // Conditions have no identity of their own: their place is the only one there is while their text is typed.
        <div key={at} class="condition-fields">
          {condition.kind === 'kept' ? (
            <p class="grow">
              <ForeignText text={conditionWords([condition.rule]).join(' ')} />
            </p>
          ) : (
            <ConditionFields
              condition={condition}
              at={at + 1}
              isFaulty={props.isLooked && readCondition(condition) === null}
              onChange={(changed) => put(at, changed)}
            />
          )}
          <Button
            small
            kind="quiet"
            label={t('removeOf', t('conditionNumber', at + 1))}
            onPress={() => onChange(conditions.filter((_, index) => index !== at))}
          >
            {t('remove')}
          </Button>
        </div>
      ))}
      <div class="row">
        <Button
          small
          disabled={conditions.length >= MAX_CONDITIONS}
          onPress={() => onChange([...conditions, NEW_CONDITION])}
        >
          {t('addCondition')}
        </Button>
      </div>
    </fieldset>
  )
}

/** Values in view at once. */
const MOST_ROWS = 6

type Typed = Extract<ConditionDraft, { kind: ConditionKind }>

function ConditionFields(props: {
  condition: Typed
  at: number
  isFaulty: boolean
  onChange: (condition: Typed) => void
}) {
  const { condition, at, onChange } = props
  const typed = {
    'aria-invalid': props.isFaulty,
    autocomplete: 'off',
    autocapitalize: 'none',
    dir: 'ltr',
  } as const
  return (
    <div class="condition-typed">
      {condition.kind === 'fields' ? null : (
        <input
          {...typed}
          class="field-input field-mono"
          aria-label={t('conditionPointerOf', at)}
          value={condition.pointer}
          placeholder="/max_tokens"
          spellcheck={false}
          maxLength={300}
          onInput={(event) => onChange({ ...condition, pointer: event.currentTarget.value })}
        />
      )}
      <select
        class="field-input"
        aria-label={t('conditionKindOf', at)}
        value={condition.kind}
        onChange={(event) => onChange({ ...condition, kind: event.currentTarget.value as ConditionKind })}
      >
        {CONDITION_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(KINDS[kind])}
          </option>
        ))}
      </select>
      <ValueField {...props} />
      {props.isFaulty ? <p class="field-error condition-fault">{t('conditionWrong')}</p> : null}
    </div>
  )
}

function ValueField(props: {
  condition: Typed
  at: number
  isFaulty: boolean
  onChange: (to: Typed) => void
}) {
  const { condition, at, onChange } = props
  const label = t('conditionValueOf', at)
  if (condition.kind === 'absent' || condition.kind === 'present') return null
  if (condition.kind === '<=') {
    return (
      <>
        <input
          class="field-input field-mono"
          aria-label={label}
          aria-invalid={props.isFaulty}
          inputMode="decimal"
          value={condition.value}
          maxLength={32}
          onInput={(event) => onChange({ ...condition, value: event.currentTarget.value })}
        />
        <label class="row">
          <input
            type="checkbox"
            checked={condition.orAbsent}
            onChange={(event) => onChange({ ...condition, orAbsent: event.currentTarget.checked })}
          />
          {t('conditionOrAbsent')}
        </label>
      </>
    )
  }
  return (
    <textarea
      class="field-input field-mono field-tall"
      dir="ltr"
      rows={Math.min(MOST_ROWS, Math.max(2, condition.value.split('\n').length))}
      aria-label={label}
      aria-invalid={props.isFaulty}
      placeholder={t('conditionOneALine')}
      spellcheck={false}
      maxLength={20_000}
      value={condition.value}
      onInput={(event) => onChange({ ...condition, value: event.currentTarget.value })}
    />
  )
}
