import { MAX_RENAMED } from '../../../shared/model/capability-bounds.ts'
import { Button } from '../../ui/button.tsx'
import { t } from '../../ui/strings.ts'
import { type FailoverDraft, isNamedTwice, isUnnamed } from './failover-draft.ts'

/** What the other service calls each model, a row each. None: models keep their names. */
export function FailoverModels(props: {
  models: FailoverDraft['models']
  isFaulty: boolean
  onChange: (models: FailoverDraft['models']) => void
}) {
  const { models, onChange } = props
  const put = (at: number, part: Partial<FailoverDraft['models'][number]>) =>
    onChange(models.map((each, index) => (index === at ? { ...each, ...part } : each)))
  return (
    <fieldset class="rules-editor stack-tight">
      <legend class="failover-when">{t('failoverModels')}</legend>
      <p class="small soft">{t('failoverModelsHint')}</p>
      {models.map(({ from, to }, at) => (
        // Rows have no identity of their own: their place is the only one there is while their text is typed.
        <div key={at} class="failover-model">
          <NameField
            label={t('failoverFromOf', at + 1)}
            value={from}
            placeholder={t('failoverAnyModel')}
            isFaulty={props.isFaulty && isNamedTwice(models, at)}
            onInput={(text) => put(at, { from: text })}
          />
          <span aria-hidden="true" class="soft failover-arrow" />
          <NameField
            label={t('failoverToOf', at + 1)}
            value={to}
            placeholder=""
            isFaulty={props.isFaulty && isUnnamed(models, at)}
            onInput={(text) => put(at, { to: text })}
          />
          <Button
            small
            kind="quiet"
            label={t('removeOf', t('failoverRow', at + 1))}
            onPress={() => onChange(models.filter((_, index) => index !== at))}
          >
            {t('remove')}
          </Button>
        </div>
      ))}
      <div aria-live="polite">
        {props.isFaulty ? <p class="field-error">{t('failoverModelsWrong')}</p> : null}
      </div>
      <div class="row">
        <Button
          small
          disabled={models.length >= MAX_RENAMED}
          onPress={() => onChange([...models, { from: '', to: '' }])}
        >
          {t('addModelName')}
        </Button>
      </div>
    </fieldset>
  )
}

function NameField(props: {
  label: string
  value: string
  placeholder: string
  isFaulty: boolean
  onInput: (text: string) => void
}) {
  return (
    <input
      class="field-input field-mono"
      dir="ltr"
      aria-label={props.label}
      aria-invalid={props.isFaulty}
      value={props.value}
      placeholder={props.placeholder}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      maxLength={200}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  )
}
