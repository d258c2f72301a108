import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { originParts } from './origin-parts.ts'
import { ICON_PIXELS } from './site-icon.ts'
import './site-mark.css'
import { useSiteIcon } from './use-site-icon.ts'

/**
 * A mark for a site: the first letter of what somebody had to register, with what stands on it; the site's own icon where the owner
 * has chosen that.
 *
 * SECURITY: a letter of ours unless the owner says otherwise. A site chooses its icon, another site's if it likes, and the permission
 * to read it in Chromium also tells of pages the owner has given us nothing for.
 */
export function SiteMark(props: { origin: string; children?: ComponentChildren }) {
  const icon = useSiteIcon(props.origin)
  const letter = originParts(props.origin).registrable.match(/[\p{L}\p{N}]/u)?.[0] ?? '?'
  return (
    <span class="site-mark" data-letter={icon === null ? letter.toUpperCase() : ''}>
      {icon === null ? null : <Icon picture={icon} />}
      {props.children}
    </span>
  )
}

/** Pixels say nothing to who listens: the origin beside it says what it is. */
function Icon({ picture }: { picture: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(picture, 0, 0, ICON_PIXELS, ICON_PIXELS)
  }, [picture])
  return <canvas ref={canvas} class="site-icon" width={ICON_PIXELS} height={ICON_PIXELS} />
}
