import { useEffect, useState } from 'preact/hooks'
import type { Owner } from '../ui/owner.ts'
import { sightOf } from '../ui/page-sight.ts'
import { t } from '../ui/strings.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import './activity-room.css'
import { ActivityFile } from './activity-file.tsx'
import { ActivityFilters } from './activity-filters.tsx'
import { ActivityList } from './activity-list.tsx'
import { ActivityModel } from './activity-model.ts'
import { ActivityOverview } from './activity-overview.tsx'
import { LogCheckCard } from './log-check-card.tsx'
import type { ControlState } from './model.ts'
import { saveFile } from './save-file.ts'

/** What happened: counted, listed, to be searched, checked and taken along. */
export function ActivityRoom(props: { state: ControlState; owner: Pick<Owner, 'send' | 'onChanged'> }) {
  const [model] = useState(() => new ActivityModel(props.owner, saveFile, Date.now, sightOf(document)))
  useEffect(() => () => model.close(), [model])
  const choice = useStateOf(model)
  const { owner } = props.state
  return (
    <>
      <div class="stack-tight">
        <h1>{t('roomActivity')}</h1>
        <p class="soft">{t('activityText')}</p>
      </div>
      <ActivityFilters model={model} choice={choice} owner={owner} />
      <ActivityOverview model={model} choice={choice} owner={owner} />
      <ActivityList model={model} choice={choice} owner={owner} />
      <LogCheckCard check={model.check} />
      <ActivityFile model={model} />
    </>
  )
}
