import type { HostStatus } from '../../shared/protocol/vault-commands.ts'
import { CopyText } from './copy-text.tsx'
import { hostCommand, systemOf } from './host-command.ts'
import { Notice } from './notice.tsx'
import { t } from './strings.ts'

/** Says that the log went back, and what that means for calls; nothing while it did not. */
export function LogNotice(props: { status: HostStatus | null }) {
  if (props.status?.log !== 'rolled-back') return null
  const system = systemOf(navigator.userAgent)
  return (
    <Notice tone="danger">
      <strong>{t('logRolledBackTitle')}</strong>
      <p class="small">{t('logRolledBackText')}</p>
      <CopyText text={hostCommand('accept-rollback', system, '')} of={t('theCommand')} />
    </Notice>
  )
}
