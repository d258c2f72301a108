import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import { cleanKey } from '../../shared/presets/clean-key.ts'
import { neededValues } from '../../shared/presets/fill-values.ts'
import { isPlaceholder, keyFindings } from '../../shared/presets/recognise-key.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import type { Catalogue } from '../ui/catalogue.ts'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { BaseUrlField } from './base-url-field.tsx'
import { CapabilityPicker } from './capability-picker.tsx'
import { KeyField } from './key-field.tsx'
import { KeyNotes } from './key-notes.tsx'
import { LocalTick } from './local-tick.tsx'
import { ModelsField } from './models-field.tsx'
import { Initials } from './preset-choice.tsx'
import {
  asksClientSecret,
  asksModels,
  asksUrl,
  type EnteredService,
  firstFields,
  type KeylessFields,
  localToAgree,
  type ServiceFaults,
  serviceFaults,
  serviceOrder,
} from './service-order.ts'
import { ValueFields } from './value-fields.tsx'

interface Props {
  preset: Preset
  presets: Catalogue
  /** The key the owner pasted already, taken once. */
  pasted: { current: string }
  /** What of a form was sent last, for an owner who starts over with another key; null: nothing was. */
  entered: { current: EnteredService | null }
  owner: Pick<Owner, 'send'>
  taken: readonly string[]
  onBack: () => void
  /** The key is that of another service. */
  onSwitch: (preset: Preset, key: string) => void
  onAdded: (service: ServiceSummary) => void
}

/** Everything a preset needs of the owner: the key, and where it asks for them the base URL and the models. */
export function ServiceForm(props: Props) {
  const { preset } = props
  const key = useRef<HTMLInputElement>(null)
  const { fields, set, faults, busy, error, send } = useServiceForm(props, key)
  const { looked, look } = useKeyLook(props, key)
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
        <KeyField preset={preset} input={key} error={faults.key ?? null} onInput={look} />
        <KeyNotes
          findings={looked.findings}
          leftOut={looked.leftOut}
          onSwitch={(other) => props.onSwitch(other, key.current?.value ?? '')}
        />
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
        <ValueFields
          needed={neededValues(preset, fields.chosen)}
          given={fields.values}
          errors={faults.values ?? {}}
          onInput={(id, text) => set({ values: { ...fields.values, [id]: text } })}
        />
        <Hazards preset={preset} />
        {error === null ? null : <Notice tone="danger">{error}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={busy}>
            {t(asksClientSecret(preset) ? 'addAndSignIn' : 'addAndTest')}
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
  const [fields, setFields] = useState(() => firstFields(preset, props.entered.current))
  const [faults, setFaults] = useState<ServiceFaults>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const set = (part: Partial<KeylessFields>) => {
    setFields((before) => ({ ...before, ...part }))
    setFaults({})
  }
  const send = async (event: Event) => {
    event.preventDefault()
    const form = event.currentTarget as HTMLElement
    const filled = { ...fields, key: key.current?.value.trim() ?? '' }
    const found = serviceFaults(preset, filled)
    if (isPlaceholder(filled.key)) found.key = t('keyIsPlaceholder')
    setFaults(found)
    setError(null)
    if (Object.keys(found).length > 0) return focusFirstFault(form)
    setBusy(true)
    props.entered.current = { preset: preset.id, fields }
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

/** What the key in the field looks like. The key itself stays in the field. */
function useKeyLook({ preset, presets, pasted }: Props, key: { current: HTMLInputElement | null }) {
  const lookAt = (text: string) => {
    const { key: clean, leftOut } = cleanKey(text)
    return { findings: keyFindings(clean, preset, presets), leftOut: clean === '' ? [] : leftOut }
  }
  const [looked, setLooked] = useState(() => lookAt(pasted.current))
  useLayoutEffect(() => {
    if (key.current === null || pasted.current === '') return
    key.current.value = pasted.current
    pasted.current = ''
  }, [key, pasted])
  return { looked, look: (text: string) => setLooked(lookAt(text)) }
}

/** Take the owner to what is to be mended, once it is marked. */
function focusFirstFault(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
