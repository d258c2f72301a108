import { OWNER_ORIGIN } from '../../shared/model/owner-origin.ts'
import { OriginText } from '../ui/origin-text.tsx'
import { t } from '../ui/strings.ts'

/** Whose a recorded call is: the origin of a page, or the owner's own. */
export function CallerText(props: { origin: string }) {
  return props.origin === OWNER_ORIGIN ? (
    <span>{t('callerOwner')}</span>
  ) : (
    <OriginText origin={props.origin} />
  )
}

/** The same where there is room for plain text alone. */
export function callerName(origin: string): string {
  return origin === OWNER_ORIGIN ? t('callerOwner') : origin
}
