import type { RunningHost } from '../../../shared/protocol/device-commands.ts'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { dateText } from '../../ui/moment-text.ts'
import { counted, t } from '../../ui/strings.ts'
import { ConfirmButton } from '../confirm-button.tsx'
import type { ControlModel } from '../model.ts'

/** Which browsers have this vault open now, and what runs through each. */
export function RunningCard(props: {
  /** Null: the vault is not open. */
  running: readonly RunningHost[] | null
  model: ControlModel
  onEnded: () => void
}) {
  const { running, model, onEnded } = props
  const end = async (host: RunningHost) => {
    await model.order({ name: 'host-end-sessions', host: host.id }, t('runningEnded', nameOf(host)))
    onEnded()
  }
  return (
    <Card title={t('runningTitle')}>
      <h2>{t('runningTitle')}</h2>
      <p class="small soft">{t(running === null ? 'runningLocked' : 'runningText')}</p>
      {running === null ? null : (
        <ul class="devices">
          {running.map((host) => (
            <Host key={host.id} host={host} onEnd={() => void end(host)} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Host(props: { host: RunningHost; onEnd: () => void }) {
  const { host } = props
  const name = nameOf(host)
  return (
    <li class="device">
      <div class="grow stack-tight">
        <div class="row">
          <h3>
            <ForeignText text={name} />
          </h3>
          {host.isThis ? <Chip>{t('deviceThis')}</Chip> : null}
        </div>
        <p class="small soft">{t('runningSince', dateText(host.startedAt), host.version)}</p>
        {host.extension === null ? null : (
          <p class="small soft">
            {t('runningExtension')}{' '}
            <code dir="ltr">
              <ForeignText text={host.extension} />
            </code>
          </p>
        )}
        <p class="small">{counted('runningSessions', host.sessions)}</p>
      </div>
      {host.sessions === 0 ? null : (
        <ConfirmButton
          text={t('runningEnd')}
          label={t('runningEndOf', name)}
          question={counted('runningEndAsk', host.sessions)}
          onConfirm={props.onEnd}
        />
      )}
    </li>
  )
}

function nameOf({ browser }: RunningHost): string {
  return browser === null ? t('runningUnnamed') : `${browser.name} ${browser.version}`
}
