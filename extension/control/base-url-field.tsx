import type { Preset } from '../../shared/model/preset.ts'
import { Field } from '../ui/field.tsx'
import { t } from '../ui/strings.ts'
import { baseUrlNote } from './base-url-note.ts'

/** Where the service lives, for presets that cannot know. @param props.error why the form was not sent. */
export function BaseUrlField(props: {
  preset: Preset
  value: string
  error: string | null
  onInput: (value: string) => void
}) {
  const note = props.value === '' ? null : baseUrlNote(props.value)
  return (
    <Field
      label={t('baseUrl')}
      type="url"
      mono
      value={props.value}
      placeholder={props.preset.baseUrlHint ?? props.preset.baseUrls[0] ?? ''}
      hint={t(props.preset.local ? 'baseUrlLocalHint' : 'baseUrlHint')}
      error={note === null ? props.error : t(note.name, note.value ?? '')}
      focus={props.preset.baseUrls.length === 0}
      onInput={props.onInput}
    />
  )
}
