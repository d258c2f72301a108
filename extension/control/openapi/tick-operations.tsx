import { useRef, useState } from 'preact/hooks'
import { MAX_RULES } from '../../../shared/model/capability-bounds.ts'
import type { CapabilityDraft, DraftedCapability } from '../../../shared/model/capability-draft.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OriginText } from '../../ui/origin-text.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { counted, t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { LimitsEditor } from '../capabilities/limits-editor.tsx'
import type { ReadDocument } from './choose-document.tsx'
import { draftFrom, type OpenApiDraft, openApiFaults } from './openapi-draft.ts'
import { TickList } from './tick-list.tsx'

/** What a draft was drafted from and came to. */
export interface Drafted {
  draft: CapabilityDraft
  drafted: DraftedCapability
}

/** Tick operations, name the capability and limit it. @param props.draft as it stands: it outlives a look at what it comes to. */
export function TickOperations(props: {
  owner: Pick<Owner, 'send'>
  read: ReadDocument
  draft: OpenApiDraft
  onChange: (change: (before: OpenApiDraft) => OpenApiDraft) => void
  onDrafted: (drafted: Drafted) => void
  onBack: () => void
}) {
  const { read, draft, onChange } = props
  const { trouble, busy, look } = useLook(props)
  const faults = openApiFaults(draft)
  return (
    <form class="stack-wide" aria-label={t('openapiTitle')} onSubmit={look} noValidate>
      <Said read={read} />
      <Card>
        <h2>{t('openapiOperations')}</h2>
        <TickList
          operations={read.reading.operations}
          ticked={draft.ticked}
          onChange={(change) => onChange((before) => ({ ...before, ticked: change(before.ticked) }))}
        />
      </Card>
      <Card>
        <Field
          label={t('openapiLabel')}
          value={draft.label}
          error={faults.label ? t('openapiLabelWrong') : null}
          onInput={(label) => onChange((before) => ({ ...before, label }))}
        />
        <Field
          label={t('openapiId')}
          mono
          value={draft.id}
          hint={t('openapiIdHint')}
          error={faults.id ? t('openapiIdHint') : null}
          onInput={(id) => onChange((before) => ({ ...before, id }))}
        />
        <LimitsEditor
          limits={draft.limits}
          currency={null}
          faults={faults.limits}
          onChange={(limits) => onChange((before) => ({ ...before, limits }))}
        />
      </Card>
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
      <div class="row">
        <Button submit kind="primary" busy={busy}>
          {t('openapiLook')}
        </Button>
        <Button onPress={props.onBack}>{t('back')}</Button>
      </div>
    </form>
  )
}

/** What the document says of itself, and what its owner should know of it. */
function Said(props: { read: ReadDocument }) {
  const { reading, service } = props.read
  return (
    <div class="stack">
      <p>
        <ForeignText
          text={t('openapiSays', reading.title, reading.operations.length, labelText(service.label))}
        />
      </p>
      <p class="small soft">
        <OriginText origin={URL.parse(reading.baseUrl)?.origin ?? reading.baseUrl} />
      </p>
      {reading.isElsewhere ? (
        <Notice tone="warn">
          <p>{t('openapiElsewhere')}</p>
          <p>
            <ForeignText text={reading.described ?? ''} />
          </p>
        </Notice>
      ) : null}
      {reading.elsewhere === 0 ? null : (
        <Notice tone="warn">{counted('openapiOtherFiles', reading.elsewhere)}</Notice>
      )}
    </div>
  )
}

/** Ask the host what the draft comes to. */
function useLook(props: Parameters<typeof TickOperations>[0]) {
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const looking = useRef(false)
  const look = async (event: Event) => {
    event.preventDefault()
    const faults = openApiFaults(props.draft)
    if (faults.label || faults.id || faults.limits.length > 0) return setTrouble(t('openapiFaults'))
    const draft = draftFrom(props.draft, props.read)
    if (draft.allow.length === 0) return setTrouble(t('openapiNoneTicked'))
    if (draft.allow.length > MAX_RULES) return setTrouble(t('openapiTooMany', MAX_RULES))
    if (looking.current) return
    looking.current = true
    setBusy(true)
    setTrouble(null)
    try {
      props.onDrafted({ draft, drafted: await props.owner.send({ name: 'capability-draft', draft }) })
    } catch (refusal) {
      setTrouble(refusalText(refusal))
      setBusy(false)
    }
    looking.current = false
  }
  return { trouble, busy, look }
}
