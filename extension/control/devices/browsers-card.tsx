import type { RegisteredBrowser } from '../../../shared/protocol/device-commands.ts'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { hostCommand, systemOf } from '../../ui/host-command.ts'
import { HostSentence } from '../../ui/host-sentence.tsx'
import { hostSentence } from '../../ui/refusal-text.ts'
import { t } from '../../ui/strings.ts'
import { PathText } from './fact.tsx'
import { MendCommand } from './mend-command.tsx'

/** The browsers of this machine that would start the host, and why one would not. */
export function BrowsersCard(props: { browsers: readonly RegisteredBrowser[] }) {
  const { browsers } = props
  return (
    <Card title={t('browsersTitle')}>
      <h2>{t('browsersTitle')}</h2>
      <div role="status">
        {browsers.length === 0 ? (
          <p class="soft">{t('browsersNone')}</p>
        ) : (
          <ul class="devices">
            {browsers.map((browser) => (
              <Browser key={browser.manifest} browser={browser} />
            ))}
          </ul>
        )}
      </div>
      <details class="small">
        <summary>{t('browserAdd')}</summary>
        <div class="stack-tight">
          <p class="soft">{t('browserAddText')}</p>
          <p class="soft">{t('runInFolder')}</p>
          <CopyText text={hostCommand('install', systemOf(navigator.userAgent), '')} of={t('theCommand')} />
        </div>
      </details>
    </Card>
  )
}

function Browser(props: { browser: RegisteredBrowser }) {
  const { label, manifest, isThis, finding } = props.browser
  const { state, mend } = finding
  return (
    <li class="stack-tight">
      <div class="row">
        <h3>
          <ForeignText text={label ?? t('browserProfile')} />
        </h3>
        {isThis ? <Chip>{t('deviceThis')}</Chip> : null}
        <Chip tone={state === 'ok' ? 'good' : state === 'fail' ? 'danger' : 'warn'}>
          {t(state === 'ok' ? 'browserFine' : state === 'fail' ? 'findingBroken' : 'findingNotable')}
        </Chip>
      </div>
      {state === 'ok' ? (
        <p class="small soft">
          <PathText path={manifest} />
        </p>
      ) : (
        <p>
          <HostSentence text={hostSentence(finding)} />
        </p>
      )}
      {state === 'ok' || mend === null ? null : <MendCommand command={mend} />}
    </li>
  )
}
