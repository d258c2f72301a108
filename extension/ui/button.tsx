import type { ComponentChildren, RefObject } from 'preact'
import './button.css'

export interface ButtonProps {
  children: ComponentChildren
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  small?: boolean
  wide?: boolean
  /** Something it started is under way: it cannot be pressed again. */
  busy?: boolean
  disabled?: boolean
  /** Not to be pressed just now; it keeps the focus it may have, and whoever is pressed has to see to it. */
  inert?: boolean
  /** The element, for whoever gives it the focus. */
  element?: RefObject<HTMLButtonElement | null>
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
      {...(props.element === undefined ? {} : { ref: props.element })}
      aria-busy={props.busy === true}
      aria-disabled={props.inert === true ? true : undefined}
      aria-label={props.label}
      onClick={() => props.onPress?.()}
    >
      {props.children}
    </button>
  )
}
