import { useId } from 'preact/hooks'
import { t } from '../ui/strings.ts'

/** The models a capability is for, one a line. */
export function ModelsField(props: { value: string; onInput: (value: string) => void }) {
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
        aria-describedby={`${id}-hint`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class="field-hint">
        {t('modelsHint')}
      </p>
    </div>
  )
}
