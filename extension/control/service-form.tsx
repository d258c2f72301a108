import { useRef, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { BaseUrlField } from './base-url-field.tsx'
import { CapabilityPicker } from './capability-picker.tsx'
import { KeyField } from './key-field.tsx'
import { LocalTick } from './local-tick.tsx'
import { ModelsField } from './models-field.tsx'
import { Initials } from './preset-choice.tsx'
import {
  asksModels,
  asksUrl,
  localToAgree,
  type ServiceFaults,
  type ServiceFields,
  serviceFaults,
  serviceOrder,
} from './service-order.ts'

interface Props {
  preset: Preset
  owner: Pick<Owner, 'send'>
  taken: readonly string[]
  onBack: () => void
  onAdded: (service: ServiceSummary) => void
}

/** Everything a preset needs of the owner: the key, and where it asks for them the base URL and the models. */
export function ServiceForm(props: Props) {
  const { preset } = props
  const key = useRef<HTMLInputElement>(null)
  const { fields, set, faults, busy, error, send } = useServiceForm(props, key)
  const local = localToAgree(preset, fields.baseUrl)
  return (
    <Card title={preset.label}>
      <div class="row">
        <Initials label={preset.label} />
        <h2 class="grow">{preset.label}</h2>
        <Button kind="quiet" small onPress={props.onBack}>
          {t('chooseAnother')}
        </Button>
      </div>
      <form class="stack" onSubmit={send} noValidate>
        {asksUrl(preset) ? (
          <BaseUrlField
            preset={preset}
            value={fields.baseUrl}
            error={faults.baseUrl ?? null}
            onInput={(baseUrl) => set({ baseUrl })}
          />
        ) : null}
        {local === null ? null : (
          <LocalTick
            local={local}
            ticked={fields.localAddress === local.address}
            error={faults.local ?? null}
            onTick={(ticked) => set({ localAddress: ticked ? local.address : null })}
          />
        )}
        <KeyField preset={preset} input={key} error={faults.key ?? null} />
        <CapabilityPicker
          preset={preset}
          chosen={fields.chosen}
          isLocal={preset.local || local !== null}
          error={faults.chosen ?? null}
          onChange={(chosen) => set({ chosen })}
        />
        {asksModels(preset, fields.chosen) ? (
          <ModelsField
            value={fields.models}
            error={faults.models ?? null}
            onInput={(models) => set({ models })}
          />
        ) : null}
        <Hazards preset={preset} />
        {error === null ? null : <Notice tone="danger">{error}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={busy}>
            {t('addAndTest')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

/** What can go wrong with this service, before the key is in the vault. */
function Hazards(props: { preset: Preset }) {
  if (props.preset.hazards.length === 0) return null
  return (
    <Notice tone="warn">
      <strong>{t('hazards')}</strong>
      <ul class="stack-tight">
        {props.preset.hazards.map((hazard) => (
          <li key={hazard}>{hazard}</li>
        ))}
      </ul>
    </Notice>
  )
}

function useServiceForm(props: Props, key: { current: HTMLInputElement | null }) {
  const { preset } = props
  const [fields, setFields] = useState<Omit<ServiceFields, 'key'>>(() => ({
    baseUrl: preset.baseUrls[0] ?? '',
    localAddress: null,
    chosen: preset.capabilities.slice(0, 1).map(({ id }) => id),
    models: '',
  }))
  const [faults, setFaults] = useState<ServiceFaults>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const set = (part: Partial<ServiceFields>) => {
    setFields((before) => ({ ...before, ...part }))
    setFaults({})
  }
  const send = async (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLElement
    const filled = { ...fields, key: key.current?.value.trim() ?? '' }
    const found = serviceFaults(preset, filled)
    setFaults(found)
    setError(null)
    if (Object.keys(found).length > 0) return focusFirstFault(form)
    setBusy(true)
    try {
      const service = await props.owner.send(serviceOrder(preset, filled, props.taken))
      // SECURITY: the key is in the vault now; it must not linger in the page.
      if (key.current !== null) key.current.value = ''
      props.onAdded(service)
    } catch (refusal) {
      setError(refusalText(refusal))
    }
    setBusy(false)
  }
  return { fields, set, faults, busy, error, send }
}

/** Take the owner to what is to be mended, once it is marked. */
function focusFirstFault(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
