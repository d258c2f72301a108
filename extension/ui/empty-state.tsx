import type { ComponentChildren } from 'preact'
import './empty-state.css'

/**
 * There is nothing here, and that is in order: what it means and what can be done.
 *
 * @param props.whole nothing else is on the page: the title is the page's own.
 */
export function EmptyState(props: {
  title: string
  text: string
  whole?: boolean
  children?: ComponentChildren
}) {
  const Title = props.whole ? 'h1' : 'h2'
  return (
    <div class="empty-state">
      <Title>{props.title}</Title>
      <p>{props.text}</p>
      {props.children}
    </div>
  )
}
