import type { ComponentChildren } from 'preact'
import './chip.css'

/** A short fact about a thing: its capability, its risk, its state. Colour never says it alone. */
export function Chip(props: { children: ComponentChildren; tone?: 'neutral' | 'good' | 'warn' | 'danger' }) {
  return (
    <span class={`chip chip-${props.tone ?? 'neutral'}`}>
      <bdi>{props.children}</bdi>
    </span>
  )
}
