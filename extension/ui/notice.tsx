import type { ComponentChildren } from 'preact'
import './notice.css'

/** A sentence at the place and time where it matters. */
export function Notice(props: {
  children: ComponentChildren
  tone?: 'neutral' | 'good' | 'warn' | 'danger'
}) {
  return <div class={`notice notice-${props.tone ?? 'neutral'} stack-tight`}>{props.children}</div>
}
