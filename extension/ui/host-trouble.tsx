import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { Button } from './button.tsx'
import { CopyText } from './copy-text.tsx'
import { type HostMend, hostCommand, systemOf } from './host-command.ts'
import { type MessageName, t } from './strings.ts'

/** Ways in which there is no host to talk to. */
export type Trouble = 'missing' | 'forbidden' | 'mismatch' | 'exited'

interface Words {
  title: MessageName
  text: MessageName
  mend: HostMend | null
}

/** What is wrong with the host, and the one command that mends it. */
export function HostTrouble(props: { trouble: Trouble; state: OwnerState | null; onAgain: () => void }) {
  const words = wordsFor(props.trouble, props.state)
  const system = systemOf(navigator.userAgent)
  const id = globalThis.chrome?.runtime?.id ?? ''
  return (
    <section class="stack" aria-label={t(words.title)}>
      <h2>{t(words.title)}</h2>
      <p class="soft">{t(words.text, props.state?.hostVersion ?? '?')}</p>
      {words.mend === null ? null : (
        <>
          <p class="small soft">{t('runInFolder')}</p>
          <CopyText text={hostCommand(words.mend, system, id)} of={t('theCommand')} />
        </>
      )}
      {words.mend === 'doctor' || words.mend === null ? null : (
        <details class="small">
          <summary>{t('stillNot')}</summary>
          <div class="stack-tight">
            <p class="soft">{t('doctorText')}</p>
            <CopyText text={hostCommand('doctor', system, id)} of={t('theCommand')} />
          </div>
        </details>
      )}
      <div class="row">
        <Button small onPress={props.onAgain}>
          {t('checkAgain')}
        </Button>
        <span class="small soft">{t('checksItself')}</span>
      </div>
    </section>
  )
}

function wordsFor(trouble: Trouble, state: OwnerState | null): Words {
  if (trouble === 'missing') return { title: 'missingTitle', text: 'missingText', mend: 'install' }
  if (trouble === 'forbidden') return { title: 'forbiddenTitle', text: 'forbiddenText', mend: 'allow' }
  if (trouble === 'exited') return { title: 'exitedTitle', text: 'exitedText', mend: 'doctor' }
  const hostIsOlder = (state?.hostProtocol ?? 0) < PROTOCOL_VERSION
  return hostIsOlder
    ? { title: 'hostOlderTitle', text: 'hostOlderText', mend: 'update' }
    : { title: 'extensionOlderTitle', text: 'extensionOlderText', mend: null }
}
