import type { PresetValue } from '../../shared/model/preset.ts'
import { Field } from '../ui/field.tsx'
import { t } from '../ui/strings.ts'

/** What a preset asks for besides the key. @param props.errors why the form was not sent, by value. */
export function ValueFields(props: {
  needed: readonly PresetValue[]
  given: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
  onInput: (id: string, text: string) => void
}) {
  return props.needed.map(({ id, label, hint }) => (
    <Field
      key={id}
      label={label.charAt(0).toUpperCase() + label.slice(1)}
      mono
      value={props.given[id] ?? ''}
      placeholder={hint}
      hint={t('valueHint', hint)}
      error={props.errors[id] ?? null}
      onInput={(text) => props.onInput(id, text)}
    />
  ))
}
