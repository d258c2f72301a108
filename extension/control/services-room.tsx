import { useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { AddService } from './add-service.tsx'
import type { ControlModel, ControlState } from './model.ts'
import { ServiceRow } from './service-row.tsx'

/** The services with a key in the vault: list, add, test, remove. */
export function ServicesRoom(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}) {
  const [adding, setAdding] = useState(false)
  const services = props.state.owner.services ?? []
  const capabilities = props.state.owner.capabilities ?? []
  if (adding) {
    return (
      <>
        <div class="row-apart">
          <h1>{t('addService')}</h1>
          <Button onPress={() => setAdding(false)}>{t('cancel')}</Button>
        </div>
        <AddService
          owner={props.owner}
          taken={services.map(({ id }) => id)}
          onDone={() => setAdding(false)}
          onChanged={() => props.model.refresh()}
        />
      </>
    )
  }
  return (
    <>
      <div class="row-apart">
        <div class="stack-tight">
          <h1>{t('roomServices')}</h1>
          <p class="soft">{t('servicesText')}</p>
        </div>
        <Button kind="primary" onPress={() => setAdding(true)}>
          {t('addService')}
        </Button>
      </div>
      {services.length === 0 ? (
        <EmptyState title={t('noKeysTitle')} text={t('noKeysText')} />
      ) : (
        <ul class="list">
          {services.map((service) => (
            <ServiceRow
              key={service.id}
              service={service}
              capabilities={capabilities.filter((one) => one.service === service.id)}
              owner={props.owner}
              model={props.model}
            />
          ))}
        </ul>
      )}
    </>
  )
}
