import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { EmptyState } from '../../ui/empty-state.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel, ControlState } from '../model.ts'
import { capabilityHash } from '../room.ts'
import { ChooseDocument, type ReadDocument } from './choose-document.tsx'
import { DraftReview } from './draft-review.tsx'
import './openapi.css'
import { firstDraft, type OpenApiDraft } from './openapi-draft.ts'
import { type Drafted, TickOperations } from './tick-operations.tsx'

interface RoomProps {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
}

/** What was read, and what its owner makes of it. */
interface Making {
  read: ReadDocument
  draft: OpenApiDraft
  /** What it comes to, while that is looked at. */
  drafted: Drafted | null
}

/** A capability from an OpenAPI document: choose the document, tick operations, look at what that comes to, save. */
export function OpenApiRoom(props: RoomProps) {
  const [making, setMaking] = useState<Making | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const step = making === null ? 'choose' : making.drafted === null ? 'tick' : 'review'
  // What had the focus is gone with what it was in.
  useLayoutEffect(() => heading.current?.focus(), [step])
  return (
    <>
      <div class="stack-tight">
        <p class="small">
          <a href="#capabilities">{t('allCapabilities')}</a>
        </p>
        <h1 ref={heading} tabIndex={-1}>
          {t('openapiTitle')}
        </h1>
        <p class="soft">{t('openapiLead')}</p>
      </div>
      <Inside {...props} making={making} onMake={setMaking} />
    </>
  )
}

function Inside(
  props: RoomProps & {
    making: Making | null
    onMake: (change: (before: Making | null) => Making | null) => void
  },
) {
  const { owner, model, making, onMake } = props
  const services = props.state.owner.services ?? []
  if (services.length === 0)
    return (
      <EmptyState title={t('openapiNoServiceTitle')} text={t('openapiNoServiceText')}>
        <a href="#services">{t('noKeysDo')}</a>
      </EmptyState>
    )
  if (making === null) {
    const begin = (read: ReadDocument) =>
      onMake(() => ({ read, draft: firstDraft(read.reading), drafted: null }))
    return <ChooseDocument owner={owner} services={services} onRead={begin} />
  }
  const change = (part: (before: Making) => Partial<Making>) =>
    onMake((before) => (before === null ? null : { ...before, ...part(before) }))
  if (making.drafted === null) {
    return (
      <TickOperations
        owner={owner}
        read={making.read}
        draft={making.draft}
        onChange={(next) => change(({ draft }) => ({ draft: next(draft) }))}
        onDrafted={(drafted) => change(() => ({ drafted }))}
        onBack={() => onMake(() => null)}
      />
    )
  }
  const { id } = making.drafted.draft
  return (
    <DraftReview
      owner={owner}
      read={making.read}
      ticked={making.draft.ticked}
      drafted={making.drafted}
      onSaved={async () => {
        await model.said(t('openapiSaved'))
        location.hash = capabilityHash(id)
      }}
      onBack={() => change(() => ({ drafted: null }))}
    />
  )
}
