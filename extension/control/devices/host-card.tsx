import type { HostFacts } from '../../../shared/protocol/device-commands.ts'
import { bytesText } from '../../ui/bytes-text.ts'
import { Card } from '../../ui/card.tsx'
import { dateText } from '../../ui/moment-text.ts'
import { t } from '../../ui/strings.ts'
import { Fact, PathText } from './fact.tsx'

/** The host that answers this browser: which it is, where it lives, what started it. */
export function HostCard(props: { host: HostFacts }) {
  const { host } = props
  return (
    <Card title={t('hostTitle')}>
      <h2>{t('hostTitle')}</h2>
      <dl class="device-facts">
        <Fact name={t('factVersion')}>{host.version}</Fact>
        <Fact name={t('factProtocol')}>{host.protocol}</Fact>
        <Fact name={t('factNode')}>{host.node}</Fact>
        <Fact name={t('factStarted')}>{dateText(host.startedAt)}</Fact>
        <Fact name={t('factMemory')}>{bytesText(host.memory)}</Fact>
        <Fact name={t('factVaultHome')}>
          <PathText path={host.vaultHome} />
        </Fact>
        <Fact name={t('factLauncher')}>
          {host.launcher === null ? t('launcherUnknown') : <PathText path={host.launcher} />}
        </Fact>
      </dl>
    </Card>
  )
}
