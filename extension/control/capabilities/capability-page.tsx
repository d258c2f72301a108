import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import type { CapabilityPreview } from '../../../shared/model/capability-edit.ts'
import type { BudgetSummary } from '../../../shared/protocol/budget-commands.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Button } from '../../ui/button.tsx'
import type { CapabilityWords } from '../../ui/capability-words.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'
import { counted, t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { ConfirmButton } from '../confirm-button.tsx'
import type { ControlModel, ControlState } from '../model.ts'
import { CapabilityEditor } from './capability-editor.tsx'
import { CapabilityFacts } from './capability-facts.tsx'
import { ChangeReview } from './change-review.tsx'
import { TryCall } from './try-call.tsx'

/** What the owner does with it just now. */
type Doing =
  | { kind: 'reading' }
  | { kind: 'changing' }
  | { kind: 'reviewing'; preview: CapabilityPreview; text: string; back: 'reading' | 'changing' }

interface PageProps {
  owner: Pick<Owner, 'send'>
  model: ControlModel
  state: ControlState
  capability: Capability
  service: ServiceSummary | undefined
  words: CapabilityWords
  budget: BudgetSummary | undefined
  /** What a capability of this id is called. */
  nameOf: (id: string) => string
}

/** One capability: what it allows, a call to try, and its changes. */
export function CapabilityPage(props: PageProps) {
  const { capability, words } = props
  const [doing, setDoing] = useState<Doing>({ kind: 'reading' })
  const heading = useRef<HTMLHeadingElement>(null)
  // What had the focus is gone with what it was in.
  useLayoutEffect(() => heading.current?.focus(), [doing.kind])
  return (
    <>
      <div class="stack-tight">
        <p class="small">
          <a href="#capabilities">{t('allCapabilities')}</a>
        </p>
        <h1 ref={heading} tabIndex={-1}>
          <ForeignText text={words.title} />
        </h1>
        <p class="small soft">
          <code dir="ltr">{capability.id}</code>
        </p>
      </div>
      <Inside {...props} doing={doing} onDo={setDoing} />
    </>
  )
}

function Inside(props: PageProps & { doing: Doing; onDo: (doing: Doing) => void }) {
  const { owner, model, capability, service, doing, onDo } = props
  const grants = (props.state.owner.grants ?? []).filter((grant) => grant.capability === capability.id)
  if (doing.kind === 'changing') {
    return (
      <CapabilityEditor
        owner={owner}
        capability={capability}
        service={service}
        grants={grants}
        nameOf={props.nameOf}
        onPreview={(preview) => onDo({ kind: 'reviewing', preview, text: t('changeText'), back: 'changing' })}
        onClose={() => onDo({ kind: 'reading' })}
      />
    )
  }
  if (doing.kind === 'reviewing') {
    return (
      <ChangeReview
        owner={owner}
        preview={doing.preview}
        text={doing.text}
        nameOf={props.nameOf}
        onBack={() => onDo({ kind: doing.back })}
        onSaved={async () => {
          // Not before the page has the new one: a change that begins now must not begin with the old.
          await model.said(t('capabilitySaved'))
          onDo({ kind: 'reading' })
        }}
      />
    )
  }
  return (
    <>
      <Actions {...props} />
      <CapabilityFacts {...props} owner={props.state.owner} />
      <TryCall owner={owner} capability={capability.id} service={service} edit={null} grants={grants} />
    </>
  )
}

function Actions(props: PageProps & { onDo: (doing: Doing) => void }) {
  const { owner, model, capability, onDo } = props
  const [trouble, setTrouble] = useState<string | null>(null)
  const sites = (props.state.owner.grants ?? []).filter((grant) => grant.capability === capability.id).length
  const tighten = async () => {
    try {
      const preview = await owner.send({ name: 'capability-tighten', id: capability.id })
      onDo({ kind: 'reviewing', preview, text: t('tightenText'), back: 'reading' })
    } catch (refusal) {
      setTrouble(refusalText(refusal))
    }
  }
  const remove = async () => {
    const done = t('capabilityRemoved', labelText(capability.label))
    if (await model.order({ name: 'capability-remove', id: capability.id }, done))
      location.hash = '#capabilities'
  }
  return (
    <div class="stack-tight">
      <div class="row">
        <Button small onPress={() => onDo({ kind: 'changing' })}>
          {t('change')}
        </Button>
        <Button small onPress={() => void tighten()}>
          {t('tighten')}
        </Button>
        <ConfirmButton
          text={t('remove')}
          label={t('removeOf', labelText(capability.label))}
          question={sites === 0 ? t('capabilityRemoveAskNone') : counted('capabilityRemoveAsk', sites)}
          onConfirm={() => void remove()}
        />
      </div>
      {trouble === null ? null : <Notice tone="danger">{trouble}</Notice>}
    </div>
  )
}
