import { useState } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import type { CapabilityPreview } from '../../../shared/model/capability-edit.ts'
import type { Grant } from '../../../shared/model/grant.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { ModelsField } from '../models-field.tsx'
import { type CapabilityDraft, draftFaults, draftOf, editOf, isWhole } from './capability-draft.ts'
import { ConditionsEditor } from './conditions-editor.tsx'
import { FailoverEditor } from './failover-editor.tsx'
import { LimitsEditor } from './limits-editor.tsx'
import { PricesEditor } from './prices-editor.tsx'
import { RulesEditor } from './rules-editor.tsx'
import { TryCall } from './try-call.tsx'

/**
 * Changes what a capability is: rules, models, conditions, limits, and where its calls go on to. What that comes to is shown
 * before anything is saved.
 */
export function CapabilityEditor(props: {
  owner: Pick<Owner, 'send'>
  capability: Capability
  service: ServiceSummary | undefined
  /** Of the capability. */
  grants: readonly Grant[]
  /** What a capability of this id is called. */
  nameOf: (id: string) => string
  onPreview: (preview: CapabilityPreview) => void
  onClose: () => void
}) {
  const { owner, capability } = props
  const [draft, setDraft] = useState(() => draftOf(capability))
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [isLooked, setLooked] = useState(false)
  const faults = draftFaults(draft)
  const edit = editOf(draft, capability)
  // A part that cannot be read is said to be so when the change is looked at.
  const isUnchanged = Object.keys(edit).length === 0 && isWhole(draft)
  const look = async (event: Event) => {
    event.preventDefault()
    setLooked(true)
    if (!isWhole(draft)) return setTrouble(t(faults.length > 0 ? 'limitWrong' : 'draftWrong'))
    setTrouble(null)
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
      <form class="stack-wide" aria-label={t('changeOf', labelText(capability.label))} onSubmit={look}>
        <Card>
          <RulesEditor rules={draft.rules} onChange={(rules) => setDraft({ ...draft, rules })} />
        </Card>
        <Card>
          <ModelsEditor models={draft.models} onChange={(models) => setDraft({ ...draft, models })} />
        </Card>
        <Card>
          <ConditionsEditor
            conditions={draft.body}
            isLooked={isLooked}
            onChange={(body) => setDraft({ ...draft, body })}
          />
        </Card>
        <Card>
          <LimitsEditor
            limits={draft.limits}
            period={{ value: draft.period, onChoose: (period) => setDraft({ ...draft, period }) }}
            currency={draft.prices?.currency ?? null}
            faults={faults}
            onChange={(limits) => setDraft({ ...draft, limits })}
          />
        </Card>
        <Card>
          <PricesEditor prices={draft.prices} onChange={(prices) => setDraft({ ...draft, prices })} />
        </Card>
        <Card>
          <FailoverEditor
            owner={owner}
            capability={capability.id}
            failover={draft.failover}
            isLooked={isLooked}
            nameOf={props.nameOf}
            onChange={(failover) => setDraft({ ...draft, failover })}
          />
        </Card>
        {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
        <div class="row">
          <Button submit kind="primary" busy={busy} disabled={isUnchanged}>
            {t('lookAtChange')}
          </Button>
          <Button onPress={props.onClose}>{t('cancel')}</Button>
        </div>
      </form>
      <TryCall
        owner={owner}
        capability={capability.id}
        service={props.service}
        edit={edit}
        grants={props.grants}
      />
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
