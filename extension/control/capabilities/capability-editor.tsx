import { useState } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import type { CapabilityPreview } from '../../../shared/model/capability-edit.ts'
import type { ServiceSummary } from '../../../shared/protocol/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { t } from '../../ui/strings.ts'
import { ModelsField } from '../models-field.tsx'
import { type CapabilityDraft, draftFaults, draftOf, editOf } from './capability-draft.ts'
import { LimitsEditor } from './limits-editor.tsx'
import { RulesEditor } from './rules-editor.tsx'
import { TryCall } from './try-call.tsx'

/** Changes the rules, models and limits of a capability. What that comes to is shown before anything is saved. */
export function CapabilityEditor(props: {
  owner: Pick<Owner, 'send'>
  capability: Capability
  service: ServiceSummary | undefined
  onPreview: (preview: CapabilityPreview) => void
  onClose: () => void
}) {
  const { owner, capability } = props
  const [draft, setDraft] = useState(() => draftOf(capability))
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const faults = draftFaults(draft)
  const edit = editOf(draft, capability)
  const look = async (event: Event) => {
    event.preventDefault()
    if (faults.length > 0) return setTrouble(t('limitWrong'))
    setBusy(true)
    try {
      props.onPreview(await owner.send({ name: 'capability-preview', id: capability.id, edit }))
    } catch (refusal) {
      setTrouble(refusalText(refusal))
    }
    setBusy(false)
  }
  return (
    <>
      <form class="stack-wide" aria-label={t('changeOf', capability.label)} onSubmit={look}>
        <Card>
          <RulesEditor rules={draft.rules} onChange={(rules) => setDraft({ ...draft, rules })} />
        </Card>
        <Card>
          <ModelsEditor models={draft.models} onChange={(models) => setDraft({ ...draft, models })} />
        </Card>
        <Card>
          <LimitsEditor
            limits={draft.limits}
            currency={capability.limits.prices?.currency ?? null}
            faults={faults}
            onChange={(limits) => setDraft({ ...draft, limits })}
          />
        </Card>
        {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={busy} disabled={Object.keys(edit).length === 0}>
            {t('lookAtChange')}
          </Button>
          <Button onPress={props.onClose}>{t('cancel')}</Button>
        </div>
      </form>
      <TryCall owner={owner} capability={capability.id} service={props.service} edit={edit} />
    </>
  )
}

function ModelsEditor(props: {
  models: CapabilityDraft['models']
  onChange: (models: CapabilityDraft['models']) => void
}) {
  const { models, onChange } = props
  return (
    <div class="stack">
      <label class="row">
        <input
          type="checkbox"
          checked={models !== null}
          onChange={(event) => onChange(event.currentTarget.checked ? '' : null)}
        />
        {t('modelsNamedOnly')}
      </label>
      {models === null ? null : (
        <ModelsField
          value={models}
          error={models.trim() === '' ? t('modelsEmpty') : null}
          onInput={onChange}
        />
      )}
    </div>
  )
}
