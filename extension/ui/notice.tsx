import type { ComponentChildren } from 'preact'
import './notice.css'
import { SaidText } from './said-text.tsx'

/** A sentence at the place and time where it matters. What went wrong (`danger`) is read aloud at once. */
export function Notice(props: {
  children: ComponentChildren
  tone?: 'neutral' | 'good' | 'warn' | 'danger'
}) {
  const names = `notice notice-${props.tone ?? 'neutral'} stack-tight`
  return (
    <div class={names} role={props.tone === 'danger' ? 'alert' : undefined}>
      {typeof props.children === 'string' ? <Said text={props.children} /> : props.children}
    </div>
  )
}

/** One paragraph: the pieces of a sentence stay in one line as they would without what is named in it. */
function Said(props: { text: string }) {
  return (
    <p>
      <SaidText text={props.text} />
    </p>
  )
}
