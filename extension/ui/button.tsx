import type { ComponentChildren, RefObject } from 'preact'
import './button.css'
import { TAKES_FOCUS } from './kept-focus.ts'

export interface ButtonProps {
  children: ComponentChildren
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  small?: boolean
  wide?: boolean
  /** Something it started is under way: it keeps the focus, and does nothing until that is over. */
  busy?: boolean
  disabled?: boolean
  /** Not to be pressed just now; it keeps the focus it may have, and whoever is pressed has to see to it. */
  inert?: boolean
  /** The element, for whoever gives it the focus. */
  element?: RefObject<HTMLButtonElement | null>
  /** It answers what was pressed before: the focus comes to it where that went, see `kept-focus.ts`. */
  takesFocus?: boolean
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
      disabled={props.disabled === true}
      {...(props.element === undefined ? {} : { ref: props.element })}
      aria-busy={props.busy === true}
      aria-disabled={props.inert === true || props.busy === true ? true : undefined}
      aria-label={props.label}
      {...(props.takesFocus === true ? { [TAKES_FOCUS]: '' } : {})}
      // A form is sent by a press on its button too, whatever key was pressed in it.
      onClick={(event) => (props.busy === true ? event.preventDefault() : props.onPress?.())}
    >
      {props.children}
    </button>
  )
}
