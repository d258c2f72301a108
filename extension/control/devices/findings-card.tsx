import type { Finding } from '../../../shared/model/finding.ts'
import type { MendKind } from '../../../shared/model/mend-kind.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { hostCommand, systemOf } from '../../ui/host-command.ts'
import { HostSentence } from '../../ui/host-sentence.tsx'
import { hostSentence } from '../../ui/refusal-text.ts'
import { counted, t } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'
import { MendCommand } from './mend-command.tsx'

/** What the host finds of itself and its vault: with a button where it can mend that itself, with the command where not. */
export function FindingsCard(props: {
  findings: readonly Finding[]
  /** The vault is open: the host mends nothing else. */
  isOpen: boolean
  model: ControlModel
  onMended: () => void
  onAgain: () => void
}) {
  const { findings, isOpen, model, onAgain } = props
  const wrong = findings.filter(({ state }) => state !== 'ok')
  const fine = findings.filter(({ state }) => state === 'ok')
  const mend = async (kind: MendKind) => {
    await model.order({ name: 'doctor-mend', kind }, t('mended'))
    props.onMended()
  }
  return (
    <Card title={t('findingsTitle')}>
      <div class="row-apart">
        <h2>{t('findingsTitle')}</h2>
        <Button small onPress={onAgain}>
          {t('checkAgain')}
        </Button>
      </div>
      <div class="stack" role="status">
        {wrong.length === 0 ? <p>{t('findingsNone')}</p> : null}
        {wrong.map((finding) => (
          <Wrong key={finding.check + finding.message} finding={finding} onMend={isOpen ? mend : null} />
        ))}
        {fine.length === 0 ? null : <Fine findings={fine} />}
      </div>
      <details class="small">
        <summary>{t('doctorMore')}</summary>
        <div class="stack-tight">
          <p class="soft">{t('doctorElsewhere')}</p>
          <CopyText text={hostCommand('doctor', systemOf(navigator.userAgent), '')} of={t('theCommand')} />
        </div>
      </details>
    </Card>
  )
}

function Wrong(props: { finding: Finding; onMend: ((kind: MendKind) => Promise<void>) | null }) {
  const { finding, onMend } = props
  const { state, mend, mends } = finding
  const sentence = hostSentence(finding)
  return (
    <div class="stack-tight">
      <p>
        <Chip tone={state === 'fail' ? 'danger' : 'warn'}>
          {t(state === 'fail' ? 'findingBroken' : 'findingNotable')}
        </Chip>{' '}
        <HostSentence text={sentence} />
      </p>
      {mends !== undefined && onMend !== null ? (
        <div class="row">
          <Button small label={t('mendOf', sentence)} onPress={() => void onMend(mends)}>
            {t('mend')}
          </Button>
        </div>
      ) : mend === null ? null : (
        <MendCommand command={mend} />
      )}
    </div>
  )
}

function Fine(props: { findings: readonly Finding[] }) {
  return (
    <details class="small">
      <summary>{counted('findingsFine', props.findings.length)}</summary>
      <ul class="stack-tight">
        {props.findings.map((finding) => (
          <li key={finding.check + finding.message}>
            <HostSentence text={hostSentence(finding)} />
          </li>
        ))}
      </ul>
    </details>
  )
}
