import type { RefObject } from 'preact'
import type { Preset } from '../../shared/model/preset.ts'
import { Field } from '../ui/field.tsx'
import { t } from '../ui/strings.ts'
import { asksClientSecret } from './service-order.ts'

/** Where the key is pasted. It goes to the host with the order and is kept nowhere in the page. */
export function KeyField(props: {
  preset: Preset
  input: RefObject<HTMLInputElement | null>
  error: string | null
  /** What is there now. Not to be kept. */
  onInput: (text: string) => void
}) {
  const { preset } = props
  return (
    <div class="stack-tight">
      <Field
        label={t(asksClientSecret(preset) ? 'clientSecret' : preset.keyOptional ? 'keyOptional' : 'key')}
        type="password"
        mono
        input={props.input}
        placeholder={preset.keyHint}
        error={props.error}
        hint={t('keyGoesTo')}
        focus={preset.baseUrls.length > 0}
        onInput={props.onInput}
      />
      {preset.createKeyUrl === null ? null : (
        <p class="small">
          <a href={preset.createKeyUrl} target="_blank" rel="noreferrer">
            {t('makeKey', new URL(preset.createKeyUrl).host)}
          </a>
        </p>
      )}
    </div>
  )
}
