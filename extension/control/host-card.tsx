import browser from 'webextension-polyfill'
import type { Finding } from '../../shared/model/finding.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { asTyped, hostCommand, systemOf } from '../ui/host-command.ts'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { hostSentence } from '../ui/refusal-text.ts'
import { counted, t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import type { ControlState } from './model.ts'
import { useAnswer } from './use-answer.ts'

const ASK = { name: 'doctor' } as const

/** The host: which it is, which browsers it is registered with, and what it finds of itself with the command that mends each. */
export function HostCard(props: { state: ControlState; owner: Pick<Owner, 'send'> }) {
  const { status } = props.state.owner
  const { value, refusal, again } = useAnswer(props.owner, ASK, null)
  const { version } = browser.runtime.getManifest()
  return (
    <Card title={t('hostTitle')}>
      <div class="row-apart">
        <h2>{t('hostTitle')}</h2>
        <Button small onPress={again}>
          {t('checkAgain')}
        </Button>
      </div>
      <p class="small soft">{t('hostVersions', status?.version ?? '?', status?.protocol ?? '?', version)}</p>
      {refusal === null ? null : <Notice tone="danger">{refusal}</Notice>}
      {value === null ? refusal === null ? <Waiting text={t('hostLooking')} /> : null : null}
      {value === null ? null : <Findings all={value} />}
      <p class="small soft">{t('doctorElsewhere')}</p>
      <CopyText text={hostCommand('doctor', systemOf(navigator.userAgent), '')} of={t('theCommand')} />
    </Card>
  )
}

function Findings(props: { all: readonly Finding[] }) {
  const wrong = props.all.filter(({ state }) => state !== 'ok')
  const fine = props.all.filter(({ state }) => state === 'ok')
  return (
    <div class="stack" role="status">
      {wrong.map((finding) => (
        <Wrong key={finding.check + finding.message} finding={finding} />
      ))}
      {fine.length === 0 ? null : (
        <details class="small">
          <summary>{counted('findingsFine', fine.length)}</summary>
          <ul class="stack-tight findings-fine">
            {fine.map((finding) => (
              <li key={finding.check + finding.message}>
                <ForeignText text={hostSentence(finding)} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function Wrong(props: { finding: Finding }) {
  const { state, mend } = props.finding
  return (
    <div class="stack-tight">
      <p>
        <Chip tone={state === 'fail' ? 'danger' : 'warn'}>
          {t(state === 'fail' ? 'findingBroken' : 'findingNotable')}
        </Chip>{' '}
        <ForeignText text={hostSentence(props.finding)} />
      </p>
      {mend === null ? null : (
        <CopyText text={asTyped(mend, systemOf(navigator.userAgent))} of={t('theCommand')} />
      )}
    </div>
  )
}
