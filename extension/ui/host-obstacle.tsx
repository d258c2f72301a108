import type { HostScreen } from './host-screen.ts'
import { HostTrouble } from './host-trouble.tsx'
import { LockedCard } from './locked-card.tsx'
import type { Owner } from './owner.ts'
import type { OwnerSnapshot } from './owner-view.ts'
import { t } from './strings.ts'
import { Waiting } from './waiting.tsx'

/**
 * What stands between the owner and an open vault, with the way to mend it; nothing where the host answers and the vault is
 * open or is yet to be made.
 *
 * @param onAgain looks once more whether the host is there.
 */
export function HostObstacle(props: {
  screen: HostScreen
  snapshot: Pick<OwnerSnapshot, 'state' | 'status'>
  owner: Pick<Owner, 'send'>
  onAgain: () => void
}) {
  const { screen, snapshot } = props
  switch (screen) {
    case 'starting':
      return <Waiting text={t('starting')} />
    case 'missing':
    case 'forbidden':
    case 'mismatch':
    case 'exited':
      return <HostTrouble trouble={screen} state={snapshot.state} onAgain={props.onAgain} />
    case 'locked':
      return <LockedCard owner={props.owner} slots={snapshot.status?.slots ?? []} />
    default:
      return null
  }
}
