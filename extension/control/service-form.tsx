import { useRef, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { BaseUrlField } from './base-url-field.tsx'
import { baseUrlNote } from './base-url-note.ts'
import { CapabilityPicker } from './capability-picker.tsx'
import { KeyField } from './key-field.tsx'
import { ModelsField } from './models-field.tsx'
import { Initials } from './preset-choice.tsx'
import { freeName, namedModels } from './service-name.ts'

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
  const form = useServiceForm(props, key)
  return (
    <Card title={preset.label}>
      <div class="row">
        <Initials label={preset.label} />
        <h2 class="grow">{preset.label}</h2>
        <Button kind="quiet" small onPress={props.onBack}>
          {t('chooseAnother')}
        </Button>
      </div>
      <form class="stack" onSubmit={form.send}>
        {asksUrl(preset) ? (
          <BaseUrlField preset={preset} value={form.baseUrl} onInput={form.setBaseUrl} />
        ) : null}
        <KeyField preset={preset} input={key} error={form.keyError} />
        <CapabilityPicker preset={preset} chosen={form.chosen} onChange={form.setChosen} />
        {form.asksModels ? <ModelsField value={form.models} onInput={form.setModels} /> : null}
        <Hazards preset={preset} />
        {form.error === null ? null : <Notice tone="danger">{form.error}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={form.busy} disabled={form.chosen.length === 0}>
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
  const [baseUrl, setBaseUrl] = useState(preset.baseUrls[0] ?? '')
  const [chosen, setChosen] = useState(() => preset.capabilities.slice(0, 1).map(({ id }) => id))
  const [models, setModels] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [keyError, setKeyError] = useState<string | null>(null)
  const asksModels = preset.capabilities.some((one) => one.models && chosen.includes(one.id))
  const send = async (event: Event) => {
    event.preventDefault()
    const secret = key.current?.value.trim() ?? ''
    setKeyError(secret === '' && !preset.keyOptional ? t('keyEmpty') : null)
    if (secret === '' && !preset.keyOptional) return
    const names = namedModels(models)
    if (asksModels && names.length === 0) return setError(t('modelsEmpty'))
    if (asksUrl(preset) && isMalformed(baseUrl)) return setError(t('baseUrlMalformed'))
    setBusy(true)
    setError(null)
    try {
      const service = await props.owner.send({
        name: 'service-add',
        id: freeName(preset.id, props.taken),
        preset: preset.id,
        ...(baseUrl === (preset.baseUrls[0] ?? '') ? {} : { baseUrls: [baseUrl.trim().replace(/\/+$/, '')] }),
        secrets: secretsOf(preset, secret),
        capabilities: chosen,
        ...(asksModels ? { models: names } : {}),
      })
      // SECURITY: the key is in the vault now; it must not linger in the page.
      if (key.current !== null) key.current.value = ''
      props.onAdded(service)
    } catch (refusal) {
      setError(refusalText(refusal))
    }
    setBusy(false)
  }
  return {
    baseUrl,
    setBaseUrl,
    chosen,
    setChosen,
    models,
    setModels,
    busy,
    error,
    keyError,
    asksModels,
    send,
  }
}

/** A template needs a base URL, and what runs on this machine may listen elsewhere. */
function asksUrl(preset: Preset): boolean {
  return preset.baseUrls.length === 0 || preset.local
}

function isMalformed(baseUrl: string): boolean {
  const note = baseUrlNote(baseUrl)
  return note === 'baseUrlMalformed' || note === 'baseUrlExtra'
}

/** One key under every name the preset's schemes know it by; none where none was given. */
function secretsOf(preset: Preset, secret: string): Record<string, string> {
  const names = secret === '' ? [] : secretNames(preset.auth)
  return Object.fromEntries(names.map((name) => [name, secret]))
}
