import { useId } from 'preact/hooks'
import './field.css'

/** One of a few things to choose, with its label. */
export function ChoiceField<Value extends string>(props: {
  label: string
  value: Value
  /** What follows from choosing. */
  hint?: string
  /** What can be chosen, in order, and its words. */
  options: readonly (readonly [Value, string])[]
  onChoose: (value: Value) => void
}) {
  const id = useId()
  const notes = `${id}-notes`
  const choose = (value: string) => {
    const chosen = props.options.find(([one]) => one === value)
    if (chosen !== undefined) props.onChoose(chosen[0])
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <select
        id={id}
        class="field-input"
        value={props.value}
        aria-describedby={props.hint === undefined ? undefined : notes}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
      {props.hint === undefined ? null : (
        <p id={notes} class="field-hint">
          {props.hint}
        </p>
      )}
    </div>
  )
}
