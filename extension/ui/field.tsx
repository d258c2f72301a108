import type { InputHTMLAttributes, RefObject } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import './field.css'
import { SaidText } from './said-text.tsx'

export interface FieldProps {
  label: string
  hint?: string
  /** Said aloud when it appears. */
  error?: string | null
  type?: 'text' | 'password' | 'url' | 'datetime-local'
  placeholder?: string
  /** `off` unless a password manager may help. */
  autocomplete?: 'off' | 'new-password' | 'current-password'
  mono?: boolean
  disabled?: boolean
  /** It has the focus as soon as it is there: of a form whose only purpose it is. */
  focus?: boolean
  /** For secrets: read it from the element when it is sent, and keep it nowhere else. */
  input?: RefObject<HTMLInputElement | null>
  value?: string
  min?: string
  max?: string
  onInput?: (value: string) => void
}

/** One line of input with its label, its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const id = useId()
  const notes = `${id}-notes`
  const own = useRef<HTMLInputElement>(null)
  const input = props.input ?? own
  // A browser follows `autofocus` once in a page, and not in what comes later.
  useLayoutEffect(() => {
    if (props.focus === true) input.current?.focus()
  }, [])
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <input
        {...given(props)}
        id={id}
        class={props.mono ? 'field-input field-mono' : 'field-input'}
        autocapitalize="none"
        spellcheck={false}
        ref={input}
        aria-invalid={Boolean(props.error)}
        aria-describedby={notes}
        onInput={(event) => props.onInput?.(event.currentTarget.value)}
      />
      <div id={notes} aria-live="polite">
        {props.error ? (
          <p class="field-error">
            <SaidText text={props.error} />
          </p>
        ) : null}
        {props.hint && !props.error ? <p class="field-hint">{props.hint}</p> : null}
      </div>
    </div>
  )
}

/** The element's own attributes, those that were given. A field without `value` keeps what was typed to itself. */
function given(props: FieldProps): InputHTMLAttributes<HTMLInputElement> {
  return {
    type: props.type ?? 'text',
    autocomplete: props.autocomplete ?? 'off',
    ...(props.value === undefined ? {} : { value: props.value }),
    ...(props.min === undefined ? {} : { min: props.min }),
    ...(props.max === undefined ? {} : { max: props.max }),
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
    ...(props.disabled === undefined ? {} : { disabled: props.disabled }),
  } as InputHTMLAttributes<HTMLInputElement>
}
