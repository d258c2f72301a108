import type { ComponentChildren } from 'preact'
import './button.css'

export interface ButtonProps {
  children: ComponentChildren
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  small?: boolean
  wide?: boolean
  /** Something it started is under way: it cannot be pressed again. */
  busy?: boolean
  disabled?: boolean
  /** In a form, pressing it sends the form. */
  submit?: boolean
  /** Read aloud instead of the text, where the text alone does not say of what. */
  label?: string
  onPress?: () => void
}

/** A thing to press. One `primary` at most on a screen. */
export function Button(props: ButtonProps) {
  const kind = props.kind ?? 'plain'
  const names = ['button', `button-${kind}`]
  if (props.small) names.push('button-small')
  if (props.wide) names.push('button-wide')
  return (
    <button
      type={props.submit ? 'submit' : 'button'}
      class={names.join(' ')}
      disabled={props.disabled === true || props.busy === true}
      aria-busy={props.busy === true}
      aria-label={props.label}
      onClick={() => props.onPress?.()}
    >
      {props.children}
    </button>
  )
}
