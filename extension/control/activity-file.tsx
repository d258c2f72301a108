import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { counted, t } from '../ui/strings.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import { FORMATS } from './activity-export.ts'
import type { ActivityModel } from './activity-model.ts'
import { LookingThrough } from './looking-through.tsx'

const NAMES = { jsonl: 'JSONL', csv: 'CSV' } as const

/** What is chosen above, as a file to take along. */
export function ActivityFile(props: { model: ActivityModel }) {
  const { file } = props.model
  const { isWriting, written, looked, head, trouble } = useStateOf(file)
  return (
    <Card title={t('exportTitle')}>
      <div class="row-apart activity-tool">
        <div class="stack-tight">
          <h2>{t('exportTitle')}</h2>
          <p class="small soft">{t('exportText')}</p>
        </div>
        <div class="row">
          {FORMATS.map((format) => (
            <Button
              key={format}
              busy={isWriting}
              label={t('exportAs', NAMES[format])}
              onPress={() => props.model.write(format)}
            >
              {NAMES[format]}
            </Button>
          ))}
        </div>
      </div>
      <div aria-live="polite">
        {isWriting ? <LookingThrough looked={looked} of={head} onStop={() => file.stop()} /> : null}
        {!isWriting && looked > 0 && trouble === null ? (
          <p class="small soft">{counted('linesWritten', written)}</p>
        ) : null}
        {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      </div>
    </Card>
  )
}
