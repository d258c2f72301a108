import { useId } from 'preact/hooks'
import { t } from '../ui/strings.ts'

/** The models a capability is for, one a line. @param props.error why the form was not sent. */
export function ModelsField(props: {
  value: string
  error: string | null
  onInput: (value: string) => void
}) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('models')}
      </label>
      <textarea
        id={id}
        class="field-input field-mono"
        rows={3}
        value={props.value}
        spellcheck={false}
        aria-invalid={props.error !== null}
        aria-describedby={`${id}-hint`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <div id={`${id}-hint`} aria-live="polite">
        {props.error === null ? null : <p class="field-error">{props.error}</p>}
        <p class="field-hint">{t('modelsHint')}</p>
      </div>
    </div>
  )
}
