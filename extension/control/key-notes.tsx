import type { Preset } from '../../shared/model/preset.ts'
import type { LeftOut } from '../../shared/presets/clean-key.ts'
import type { KeyFinding } from '../../shared/presets/recognise-key.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { type MessageName, t } from '../ui/strings.ts'

const LEFT_OUT: Readonly<Record<LeftOut, MessageName>> = {
  space: 'leftOutSpace',
  quotes: 'leftOutQuotes',
  name: 'leftOutName',
  scheme: 'leftOutScheme',
}

/** What a pasted key's shape tells, and what was pasted along with it. Holds nothing of the key. */
export function KeyNotes(props: {
  findings: readonly KeyFinding[]
  leftOut: readonly LeftOut[]
  /** The owner takes the service the key looks like. */
  onSwitch: (preset: Preset) => void
}) {
  return (
    <div class="stack-tight" aria-live="polite">
      {props.leftOut.map((what) => (
        <p key={what} class="small soft">
          {t(LEFT_OUT[what])}
        </p>
      ))}
      {props.findings.map((finding) => (
        <Finding key={finding.kind} finding={finding} onSwitch={props.onSwitch} />
      ))}
    </div>
  )
}

function Finding(props: { finding: KeyFinding; onSwitch: (preset: Preset) => void }) {
  const { finding } = props
  switch (finding.kind) {
    case 'placeholder':
      return <Notice tone="warn">{t('keyIsPlaceholder')}</Notice>
    case 'known':
      return <p class="small soft">{t('keyKnown', finding.shape.name, finding.preset.label)}</p>
    case 'unlike':
      return <p class="small soft">{t('keyUnlike', finding.hint)}</p>
    case 'danger':
      return (
        <Notice tone="danger">
          <strong>{t('keyDanger', finding.shape.name, finding.preset.label)}</strong>
          <p>{finding.shape.advice ?? ''}</p>
        </Notice>
      )
    case 'other':
      return (
        <Notice tone="warn">
          <p>{t('keyOther', finding.shape.name, finding.preset.label)}</p>
          <div class="row">
            <Button small onPress={() => props.onSwitch(finding.preset)}>
              {t('useOther', finding.preset.label)}
            </Button>
          </div>
        </Notice>
      )
  }
}
