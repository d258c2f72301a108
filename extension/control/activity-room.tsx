import { useEffect } from 'preact/hooks'
import { EmptyState } from '../ui/empty-state.tsx'
import { t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import { activityLines } from './activity-line.ts'
import { ActivityRow } from './activity-row.tsx'
import './activity-room.css'
import type { ControlModel, ControlState } from './model.ts'

/** The latest audit records, one line a call or an act. */
export function ActivityRoom(props: { state: ControlState; model: ControlModel }) {
  useEffect(() => props.model.watchActivity(), [props.model])
  const { activity } = props.state
  const lines = activityLines(activity ?? [])
  return (
    <>
      <div class="stack-tight">
        <h1>{t('roomActivity')}</h1>
        <p class="soft">{t('activityText')}</p>
      </div>
      {activity === null ? <Waiting text={t('readingLog')} /> : null}
      {activity !== null && lines.length === 0 ? (
        <EmptyState title={t('noActivityTitle')} text={t('noActivityText')} />
      ) : null}
      {lines.length === 0 ? null : (
        <ol class="activity">
          {lines.map((line) => (
            <ActivityRow key={line.id} line={line} />
          ))}
        </ol>
      )}
    </>
  )
}
