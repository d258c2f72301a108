import type { Preset } from '../../shared/model/preset.ts'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { baseUrlNote } from './base-url-note.ts'

/** Where the service lives, for presets that cannot know. */
export function BaseUrlField(props: { preset: Preset; value: string; onInput: (value: string) => void }) {
  const note = props.value === '' ? null : baseUrlNote(props.value)
  return (
    <div class="stack-tight">
      <Field
        label={t('baseUrl')}
        type="url"
        mono
        value={props.value}
        placeholder={props.preset.baseUrlHint ?? props.preset.baseUrls[0] ?? ''}
        hint={t(props.preset.local ? 'baseUrlLocalHint' : 'baseUrlHint')}
        error={note === 'baseUrlMalformed' || note === 'baseUrlExtra' ? t(note) : null}
        onInput={props.onInput}
      />
      {note === 'baseUrlPlain' ? <Notice tone="danger">{t(note)}</Notice> : null}
    </div>
  )
}
