import type { ComponentChildren } from 'preact'
import './card.css'

/** One thing with its own frame. With `title` it is a landmark of that name. */
export function Card(props: { children: ComponentChildren; title?: string }) {
  return (
    <section class="card stack" aria-label={props.title}>
      {props.children}
    </section>
  )
}
