import { useId, useMemo } from 'preact/hooks'
import { Field } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import { useAnswer } from '../use-answer.ts'
import {
  type FailoverDraft,
  type FailoverFault,
  failoverFaults,
  NEW_FAILOVER,
  readFailover,
} from './failover-draft.ts'
import { FailoverModels } from './failover-models.tsx'
import { causeText, failoverText, mayHappenTwice, TRIGGERS } from './failover-words.ts'

/** Where calls go on to that their own service does not answer, and when. What that comes to is said below it. */
export function FailoverEditor(props: {
  owner: Pick<Owner, 'send'>
  /** The capability that is being changed. */
  capability: string
  failover: FailoverDraft | null
  /** Whether what is missing is marked. */
  isLooked: boolean
  /** What a capability of this id is called. */
  nameOf: (id: string) => string
  onChange: (failover: FailoverDraft | null) => void
}) {
  const { failover, onChange } = props
  return (
    <fieldset class="rules-editor stack">
      <legend>{t('failoverTitle')}</legend>
      <p class="small soft">{t('failoverHint')}</p>
      <label class="row">
        <input
          type="checkbox"
          checked={failover !== null}
          onChange={(event) => onChange(event.currentTarget.checked ? NEW_FAILOVER : null)}
        />
        {t('failoverTick')}
      </label>
      {failover === null ? null : (
        <FailoverFields
          {...props}
          failover={failover}
          faults={props.isLooked ? failoverFaults(failover) : []}
        />
      )}
      <div aria-live="polite">
        {failover === null ? null : <Outcome failover={failover} nameOf={props.nameOf} />}
      </div>
    </fieldset>
  )
}

function FailoverFields(props: {
  owner: Pick<Owner, 'send'>
  capability: string
  failover: FailoverDraft
  faults: readonly FailoverFault[]
  nameOf: (id: string) => string
  onChange: (failover: FailoverDraft) => void
}) {
  const { failover, faults, onChange } = props
  return (
    <>
      <TargetField
        {...props}
        isFaulty={faults.includes('capability')}
        onChoose={(capability) => onChange({ ...failover, capability })}
      />
      <Triggers failover={failover} isFaulty={faults.includes('on')} onChange={onChange} />
      {failover.on.includes('timeout') ? (
        <Field
          label={t('failoverWait')}
          value={failover.wait}
          placeholder={t('failoverWaitAny')}
          error={faults.includes('wait') ? t('failoverWaitWrong') : null}
          onInput={(wait) => onChange({ ...failover, wait })}
        />
      ) : null}
      <FailoverModels
        models={failover.models}
        isFaulty={faults.includes('models')}
        onChange={(models) => onChange({ ...failover, models })}
      />
    </>
  )
}

function TargetField(props: {
  owner: Pick<Owner, 'send'>
  capability: string
  failover: FailoverDraft
  isFaulty: boolean
  nameOf: (id: string) => string
  onChoose: (capability: string) => void
}) {
  const id = useId()
  const chosen = props.failover.capability
  const question = useMemo(
    () => ({ name: 'capability-failovers' as const, id: props.capability }),
    [props.capability],
  )
  const { value, refusal } = useAnswer(props.owner, question, null)
  const fitting = value ?? []
  // What was chosen stays to be seen, also where it fits no more.
  const offered = chosen === '' || fitting.includes(chosen) ? fitting : [chosen, ...fitting]
  if (refusal !== null) return <Notice tone="danger">{refusal}</Notice>
  if (value !== null && offered.length === 0) return <Notice tone="warn">{t('failoverNone')}</Notice>
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('failoverTarget')}
      </label>
      <select
        id={id}
        class="field-input"
        value={chosen}
        aria-invalid={props.isFaulty}
        aria-describedby={`${id}-notes`}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        <option value="" disabled>
          {t('failoverChoose')}
        </option>
        {offered.map((each) => (
          <option key={each} value={each}>
            {props.nameOf(each)}
          </option>
        ))}
      </select>
      <div id={`${id}-notes`} aria-live="polite">
        {props.isFaulty ? <p class="field-error">{t('failoverChoose')}</p> : null}
        <p class="field-hint">{t('failoverBoth')}</p>
      </div>
    </div>
  )
}

function Triggers(props: {
  failover: FailoverDraft
  isFaulty: boolean
  onChange: (failover: FailoverDraft) => void
}) {
  const { failover, onChange } = props
  const { on } = failover
  return (
    <fieldset class="rules-editor stack-tight">
      <legend class="failover-when">{t('failoverWhen')}</legend>
      {TRIGGERS.map((trigger) => (
        <label key={trigger} class="row">
          <input
            type="checkbox"
            checked={on.includes(trigger)}
            onChange={(event) => {
              const has = event.currentTarget.checked
              const chosen = TRIGGERS.filter((each) => (each === trigger ? has : on.includes(each)))
              onChange({ ...failover, on: chosen })
            }}
          />
          {causeText(trigger, null)}
        </label>
      ))}
      <div aria-live="polite">
        {props.isFaulty ? <p class="field-error">{t('failoverWhenNone')}</p> : null}
      </div>
    </fieldset>
  )
}

/** What it would do, once everything is there. */
function Outcome(props: { failover: FailoverDraft; nameOf: (id: string) => string }) {
  const read = readFailover(props.failover)
  if (read === null) return null
  return (
    <Notice tone={mayHappenTwice(read) ? 'warn' : 'neutral'}>
      <p>
        <ForeignText text={failoverText(read, props.nameOf(read.capability))} />
      </p>
      {mayHappenTwice(read) ? <p>{t('goesOnTwice')}</p> : null}
    </Notice>
  )
}
