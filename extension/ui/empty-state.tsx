import type { ComponentChildren } from 'preact'
import './empty-state.css'

/** There is nothing here, and that is in order: what it means and what can be done. */
export function EmptyState(props: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty-state">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </div>
  )
}
