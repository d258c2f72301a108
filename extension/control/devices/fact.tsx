import type { ComponentChildren } from 'preact'
import { ForeignText } from '../../ui/foreign-text.tsx'

/** One fact of a list of them: what it is, and its value. Inside a `dl`. */
export function Fact(props: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

/** A path, which runs from left to right whatever the language, and breaks where it is too long. */
export function PathText(props: { path: string }) {
  return (
    <code dir="ltr" class="device-path">
      <ForeignText text={props.path} path />
    </code>
  )
}
