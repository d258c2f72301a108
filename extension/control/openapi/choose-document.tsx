import { useId, useRef, useState } from 'preact/hooks'
import type { OpenApiReading } from '../../../shared/protocol/openapi-commands.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { packDocument } from './pack-document.ts'

/** A document that was read, and the service it is for. */
export interface ReadDocument {
  service: ServiceSummary
  reading: OpenApiReading
}

/** Choose a service and a document: a file of this machine, or its text. Nothing is fetched. */
export function ChooseDocument(props: {
  owner: Pick<Owner, 'send'>
  services: readonly ServiceSummary[]
  onRead: (read: ReadDocument) => void
}) {
  const { services } = props
  const [id, setId] = useState(services[0]?.id ?? '')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  const read = async (event: Event) => {
    event.preventDefault()
    const service = services.find((one) => one.id === id)
    const document = documentIn(file.current, text.current)
    if (service === undefined || document === null) return setTrouble(t('openapiNothing'))
    setBusy(true)
    setTrouble(null)
    try {
      const packed = await packDocument(document)
      const reading = await props.owner.send({ name: 'openapi-read', service: id, document: packed })
      return props.onRead({ service, reading })
    } catch (refusal) {
      setTrouble(refusalText(refusal))
    }
    setBusy(false)
  }
  return (
    <Card title={t('openapiTitle')}>
      <form class="stack" onSubmit={read}>
        <ChoiceField
          label={t('openapiService')}
          value={id}
          options={services.map((one) => [one.id, `${labelText(one.label)} (${one.id})`] as const)}
          onChoose={setId}
        />
        <FileField input={file} />
        <TextField input={text} />
        {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={busy}>
            {t('openapiRead')}
          </Button>
          <span class="small soft" role="status">
            {busy ? t('openapiReading') : ''}
          </span>
        </div>
      </form>
    </Card>
  )
}

/** The file where one is chosen, else what was pasted; null for neither. */
function documentIn(file: HTMLInputElement | null, text: HTMLTextAreaElement | null): Blob | null {
  const chosen = file?.files?.[0]
  if (chosen !== undefined) return chosen
  const pasted = text?.value ?? ''
  return pasted.trim() === '' ? null : new Blob([pasted])
}

function FileField(props: { input: { current: HTMLInputElement | null } }) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('openapiFile')}
      </label>
      <input
        ref={props.input}
        id={id}
        type="file"
        class="openapi-file"
        accept=".json,.yaml,.yml,application/json,application/yaml"
      />
    </div>
  )
}

function TextField(props: { input: { current: HTMLTextAreaElement | null } }) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('openapiText')}
      </label>
      <textarea
        ref={props.input}
        id={id}
        class="field-input field-mono field-tall"
        rows={5}
        spellcheck={false}
      />
    </div>
  )
}
