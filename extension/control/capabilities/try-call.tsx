import { useEffect, useId, useState } from 'preact/hooks'
import type { CapabilityEdit } from '../../../shared/model/capability-edit.ts'
import type { Grant } from '../../../shared/model/grant.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import { type CallToTry, calledAddress, callsToTry, grantOf } from './called-address.ts'
import { ExplainedDecision } from './explained-decision.tsx'
import { SiteField } from './site-field.tsx'
import { type TriedCall, useExplained } from './use-explained.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
/** Records looked through for calls to offer, and calls that are offered. */
const RECORDS = 300
const MOST_OFFERED = 30

/** A call to try: what the capability would decide about it stands below as it is typed. Nothing is sent. */
export function TryCall(props: {
  owner: Pick<Owner, 'send'>
  capability: string
  service: ServiceSummary | undefined
  /** What is being changed and not saved; null for nothing. */
  edit: CapabilityEdit | null
  /** Of the capability: for one of their sites its owner may want to be asked before each change. */
  grants: readonly Grant[]
}) {
  const [call, setCall] = useState<Omit<TriedCall, 'grant'>>({ method: 'GET', url: '', body: '' })
  const [site, setSite] = useState<string | null>(null)
  // As it is by now: the wish may be changed, and the grant taken back, while this is open.
  const grant = props.grants.find(({ id }) => id === site) ?? null
  const recorded = useRecorded(props.owner, props.service?.id)
  const address = calledAddress(call.url, props.service?.baseUrls[0])
  const tried = address === null ? null : { ...call, url: address, grant }
  const explained = useExplained(props.owner, props.capability, tried, props.edit)
  return (
    <Card title={t('tryTitle')}>
      <h2>{t('tryTitle')}</h2>
      <p class="soft">{t(props.edit === null ? 'tryText' : 'tryDraftText')}</p>
      <div class="try-call">
        <MethodField value={call.method} onChange={(method) => setCall({ ...call, method })} />
        <Field
          label={t('tryAddress')}
          mono
          value={call.url}
          placeholder={props.service?.baseUrls[0] ?? ''}
          onInput={(url) => setCall({ ...call, url })}
        />
      </div>
      {recorded.length === 0 ? null : (
        <RecordedField
          calls={recorded}
          onPick={({ method, url, ...from }) => {
            setCall({ method, url, body: call.body })
            setSite(grantOf(props.grants, from)?.id ?? null)
          }}
        />
      )}
      <SiteField
        grants={props.grants}
        chosen={grant}
        onChoose={(chosen) => setSite(chosen === null ? null : chosen.id)}
      />
      <BodyField value={call.body} onInput={(body) => setCall({ ...call, body })} />
      <div role="status" aria-live="polite">
        <ExplainedDecision explained={explained} />
      </div>
    </Card>
  )
}

function MethodField(props: { value: string; onChange: (method: string) => void }) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('tryMethod')}
      </label>
      <select
        id={id}
        class="field-input field-mono"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {METHODS.map((method) => (
          <option key={method}>{method}</option>
        ))}
      </select>
    </div>
  )
}

function RecordedField(props: { calls: readonly CallToTry[]; onPick: (call: CallToTry) => void }) {
  const id = useId()
  const pick = (at: string) => {
    const call = at === '' ? undefined : props.calls[Number(at)]
    if (call !== undefined) props.onPick(call)
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('tryRecorded')}
      </label>
      <select
        id={id}
        class="field-input field-mono"
        aria-describedby={`${id}-hint`}
        onChange={(event) => pick(event.currentTarget.value)}
      >
        <option value="">{t('tryRecordedNone')}</option>
        {props.calls.map(({ method, url }, at) => (
          <option key={`${method} ${url}`} value={at}>
            {method} {shortened(url)}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} class="field-hint">
        {t('tryRecordedHint')}
      </p>
    </div>
  )
}

/** Longest address in a list, in characters: a browser makes the list as wide as its longest line. */
const LONGEST = 90

function shortened(url: string): string {
  return url.length <= LONGEST ? url : `${url.slice(0, LONGEST - 1)}…`
}

function BodyField(props: { value: string; onInput: (body: string) => void }) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('tryBody')}
      </label>
      <textarea
        id={id}
        class="field-input field-mono field-tall"
        rows={3}
        maxLength={500_000}
        value={props.value}
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  )
}

function useRecorded(owner: Pick<Owner, 'send'>, service: string | undefined): CallToTry[] {
  const [calls, setCalls] = useState<CallToTry[]>([])
  useEffect(() => {
    if (service === undefined) return
    let wanted = true
    owner
      .send({ name: 'audit-list', limit: RECORDS })
      .then((records) => {
        if (wanted) setCalls(callsToTry(records, service, MOST_OFFERED))
      })
      // Without the log there is nothing to pick, and everything to type.
      .catch(() => {})
    return () => {
      wanted = false
    }
  }, [owner, service])
  return calls
}
