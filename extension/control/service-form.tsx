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
        {preset.baseUrls.length === 0 || preset.local ? (
          <BaseUrlField preset={preset} value={form.baseUrl} onInput={form.setBaseUrl} />
        ) : null}
        <KeyField preset={preset} input={key} error={form.keyError} />
        <CapabilityPicker preset={preset} chosen={form.chosen} onChange={form.setChosen} />
        {form.asksModels ? <ModelsField value={form.models} onInput={form.setModels} /> : null}
        {preset.hazards.map((hazard) => (
          <Notice key={hazard} tone="warn">
            {hazard}
          </Notice>
        ))}
        <div aria-live="polite">
          {form.error === null ? null : <Notice tone="danger">{form.error}</Notice>}
        </div>
        <div class="row">
          <Button submit kind="primary" busy={form.busy} disabled={form.chosen.length === 0}>
            {t('addAndTest')}
          </Button>
        </div>
      </form>
    </Card>
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
    if (baseUrl !== '' && baseUrlNote(baseUrl) === 'baseUrlMalformed') return
    setBusy(true)
    setError(null)
    try {
      const names = secret === '' ? [] : secretNames(preset.auth)
      const service = await props.owner.send({
        name: 'service-add',
        id: freeName(preset.id, props.taken),
        preset: preset.id,
        ...(baseUrl === (preset.baseUrls[0] ?? '') ? {} : { baseUrls: [baseUrl.trim().replace(/\/+$/, '')] }),
        secrets: Object.fromEntries(names.map((name) => [name, secret])),
        capabilities: chosen,
        ...(asksModels ? { models: namedModels(models) } : {}),
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
