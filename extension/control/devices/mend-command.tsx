import { CopyText } from '../../ui/copy-text.tsx'
import { asTyped, systemOf } from '../../ui/host-command.ts'
import { t } from '../../ui/strings.ts'

/** What the host may not do itself: the one command for this system, and where it is typed. */
export function MendCommand(props: { command: string }) {
  return (
    <>
      <p class="small soft">{t('runInFolder')}</p>
      <CopyText text={asTyped(props.command, systemOf(navigator.userAgent))} of={t('theCommand')} />
    </>
  )
}
