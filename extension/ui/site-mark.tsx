import type { ComponentChildren } from 'preact'
import { originParts } from './origin-parts.ts'
import './site-mark.css'

/**
 * A mark of our own for a site: the first letter of what somebody had to register, with what stands on it.
 *
 * SECURITY: not the site's icon. A site chooses that, another site's if it likes, and reading it takes a permission that also
 * tells of pages the owner has given us nothing for.
 */
export function SiteMark(props: { origin: string; children?: ComponentChildren }) {
  const letter = originParts(props.origin).registrable.match(/[\p{L}\p{N}]/u)?.[0] ?? '?'
  return (
    <span class="site-mark" data-letter={letter.toUpperCase()}>
      {props.children}
    </span>
  )
}
