import { useMemo } from 'preact/hooks'
import { EmptyState } from '../ui/empty-state.tsx'
import { t } from '../ui/strings.ts'
import { useNow } from '../ui/use-now.ts'
import { WindowedList } from '../ui/windowed-list.tsx'
import { liveSessions } from './live-sessions.ts'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'
import './session-list.css'
import { SessionRow } from './session-row.tsx'

/** What a session takes about, in pixels, until it was drawn once. */
const ROW_HEIGHT = 112

/** Every live session of this machine, and the way to end each. */
export function SessionList(props: { state: PopupState; model: PopupModel }) {
  const now = useNow()
  const sessions = liveSessions(props.state.owner, now)
  const { grants } = props.state.owner
  // Told the time every second: none of thousands of grants is looked for anew for each row.
  const times = useMemo(() => new Map(grants?.map(({ id, ttl }) => [id, ttl])), [grants])
  if (sessions.length === 0) return <EmptyState title={t('nothingLive')} text={t('nothingLiveText')} />
  return (
    <section class="stack-tight" aria-label={t('liveSessions')}>
      <h2>{t('liveSessions')}</h2>
      <WindowedList
        items={sessions}
        label={t('liveSessions')}
        height={ROW_HEIGHT}
        listClass="session-list"
        row={(session) => (
          <SessionRow
            key={session.id}
            session={session}
            now={now}
            ending={props.state.ending.has(session.id)}
            grantTtl={times.get(session.grant) ?? null}
            onRevoke={() => props.model.revoke(session)}
            onExtend={() => void props.model.extend(session)}
          />
        )}
      />
      <p class="small soft">{t('revokeText')}</p>
    </section>
  )
}
