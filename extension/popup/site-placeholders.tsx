import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { CopyText } from '../ui/copy-text.tsx'
import { Notice } from '../ui/notice.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'

/** A session this young, in milliseconds, may belong to a page that was open before: it is told to reload. */
const FRESH_MS = 120_000

/** What to paste into the connected page where it asks for a key: one text for each service. */
export function SitePlaceholders(props: { sessions: SessionSummary[]; owner: OwnerSnapshot }) {
  const used = new Set(props.sessions.map((session) => session.service))
  const services = (props.owner.services ?? []).filter((service) => used.has(service.id))
  const unused = props.sessions.some(
    (session) => session.requests === 0 && Date.now() - session.createdAt < FRESH_MS,
  )
  return (
    <div class="stack">
      {services.map((service) => (
        <div class="stack-tight" key={service.id}>
          <p class="small soft">{t('pasteThis', labelText(service.label))}</p>
          <CopyText text={service.placeholder} of={t('thePlaceholder', labelText(service.label))} />
        </div>
      ))}
      {unused ? (
        <Notice>
          <p class="small">{t('reloadHint')}</p>
        </Notice>
      ) : null}
    </div>
  )
}
