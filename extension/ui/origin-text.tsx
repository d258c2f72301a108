import { Chip } from './chip.tsx'
import { ForeignText } from './foreign-text.tsx'
import { originParts } from './origin-parts.ts'
import './origin-text.css'
import { t } from './strings.ts'

/** Longest run of subdomains shown whole, in characters: one that is longer loses its middle, never its end. */
const LONGEST_PREFIX = 28

/**
 * An origin: whose it is stands out, plain http and international names are marked, and a long one is shortened where
 * only its owner chose the text. The whole is in the tooltip. Always from left to right, whatever surrounds it.
 */
export function OriginText(props: { origin: string }) {
  const parts = originParts(props.origin)
  if (parts.scheme === '') return <NoOrigin text={props.origin} />
  return (
    <span class="origin" dir="ltr" title={props.origin}>
      {parts.scheme === 'http://' ? <span class="origin-plain">http://</span> : null}
      {shortened(parts.prefix)}
      <strong>{parts.registrable}</strong>
      {parts.port === '' ? null : <span class="origin-port">{parts.port}</span>}
      {parts.international ? (
        <>
          {' '}
          <Chip tone="warn">{t('internationalName')}</Chip>
        </>
      ) : null}
    </span>
  )
}

/** What no browser says is shown like a stranger's text. */
function NoOrigin({ text }: { text: string }) {
  return (
    <span class="origin" dir="ltr">
      <strong>
        <ForeignText text={text} />
      </strong>
    </span>
  )
}

function shortened(prefix: string): string {
  if (prefix.length <= LONGEST_PREFIX) return prefix
  return `${prefix.slice(0, LONGEST_PREFIX / 2)}…${prefix.slice(-LONGEST_PREFIX / 2)}`
}
