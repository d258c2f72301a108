import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { NamedAuditCount } from '../../shared/protocol/audit-reading.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceField } from '../ui/choice-field.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { reasonText } from '../ui/reason-text.ts'
import { type MessageName, t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import { type ActivityModel, type Choice, EVERYTHING } from './activity-model.ts'
import { PERIODS, type Period } from './activity-period.ts'
import { callerName } from './caller-text.tsx'
import { capabilityName } from './capability-name.ts'

/** Typing is searched for once it pauses so long, in milliseconds. */
const PAUSE_MS = 250
/** Sites offered for choice; the others are found by typing. */
const MOST_SITES = 200

const WHATS = {
  all: 'whatAll',
  calls: 'whatCalls',
  sent: 'whatSent',
  asked: 'whatAsked',
  refused: 'whatRefused',
  failed: 'whatFailed',
  cut: 'whatCut',
  'under-way': 'whatUnderWay',
  acts: 'whatActs',
} as const satisfies Record<Choice['what'], MessageName>

const PERIOD_NAMES = {
  day: 'periodDay',
  week: 'periodWeek',
  month: 'periodMonth',
  all: 'periodAll',
} as const satisfies Record<Period, MessageName>

/** What is to be seen of the activity. */
export function ActivityFilters(props: { model: ActivityModel; choice: Choice; owner: OwnerSnapshot }) {
  const { model, choice, owner } = props
  const { sites, reasons, problems } = useStateOf(model.counts)
  const origins = originsOf(
    owner,
    sites.map(({ name }) => name),
    choice.origin,
  )
  const services = (owner.services ?? []).map(({ id, label }) => [id, labelText(label)] as const)
  return (
    <search class="activity-filters" aria-label={t('searchActivity')}>
      <SearchField
        key={model.clears}
        focus={model.clears > 0}
        text={choice.text}
        onSeek={(text) => model.choose({ text })}
      />
      <ChoiceField
        label={t('filterWhat')}
        value={choice.what}
        options={entriesOf(WHATS)}
        onChoose={(what) => model.choose({ what })}
      />
      <ChoiceField
        label={t('filterSite')}
        value={choice.origin}
        options={[
          ['', t('anySite')] as const,
          ...origins.map((origin) => [origin, callerName(origin)] as const),
        ]}
        onChoose={(origin) => model.choose({ origin })}
      />
      <ChoiceField
        label={t('filterService')}
        value={choice.service}
        options={[['', t('anyService')] as const, ...services]}
        onChoose={(service) => model.choose({ service })}
      />
      <ChoiceField
        label={t('filterCapability')}
        value={choice.capability}
        options={[['', t('anyCapability')] as const, ...capabilitiesOf(owner, choice.capability)]}
        onChoose={(capability) => model.choose({ capability })}
      />
      <ChoiceField
        label={t('filterReason')}
        value={choice.reason}
        options={[['', t('anyReason')] as const, ...reasonsOf(reasons, choice.reason)]}
        onChoose={(reason) => model.choose({ reason })}
      />
      <ChoiceField
        label={t('filterProblem')}
        value={choice.problem}
        options={[['', t('anyProblem')] as const, ...reasonsOf(problems, choice.problem)]}
        onChoose={(problem) => model.choose({ problem })}
      />
      <ChoiceField
        label={t('filterPeriod')}
        value={choice.period}
        options={PERIODS.map((period) => [period, t(PERIOD_NAMES[period])] as const)}
        onChoose={(period) => model.choose({ period })}
      />
      {isEverything(choice) ? null : (
        <Button kind="quiet" small onPress={() => model.clear()}>
          {t('filterNone')}
        </Button>
      )}
    </search>
  )
}

/**
 * A field that tells what is typed once it pauses, and at once where it is emptied or sent. What is in it is the owner's alone: a
 * search that has just begun must not take back what was typed since.
 */
function SearchField(props: { focus: boolean; text: string; onSeek: (text: string) => void }) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    // What cleared everything is gone with it.
    if (props.focus) field.current?.focus()
  }, [])
  const [typed, setTyped] = useState(props.text)
  const seek = useRef(props.onSeek)
  seek.current = props.onSeek
  useEffect(() => {
    if (typed === props.text) return
    const timer = setTimeout(() => seek.current(typed), typed === '' ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, props.text])
  return (
    <div class="field activity-search">
      <label class="field-label" for={id}>
        {t('searchActivity')}
      </label>
      <input
        id={id}
        ref={field}
        class="field-input"
        type="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={200}
        placeholder={t('searchActivityHint')}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && props.onSeek(event.currentTarget.value)}
      />
    </div>
  )
}

/** Sites that were given something or that called, in the order of their names. */
function originsOf({ grants }: OwnerSnapshot, counted: readonly string[], chosen: string): string[] {
  const known = [...(grants ?? []).map(({ origin }) => origin), ...counted].slice(0, MOST_SITES)
  return [...new Set(chosen === '' ? known : [...known, chosen])].sort()
}

/** Those the owner has, by their names; one that is gone by its id. */
function capabilitiesOf(owner: OwnerSnapshot, chosen: string): (readonly [string, string])[] {
  const known = (owner.capabilities ?? []).map(({ id }) => [id, capabilityName(id, owner)] as const)
  const isKnown = chosen === '' || known.some(([id]) => id === chosen)
  return [...known, ...(isKnown ? [] : [[chosen, chosen] as const])].sort(([, a], [, b]) => (a < b ? -1 : 1))
}

/** Those that calls were refused for or failed with, the most frequent first. */
function reasonsOf(counted: readonly NamedAuditCount[], chosen: string): (readonly [string, string])[] {
  const all = new Set([...counted.map(({ name }) => name), ...(chosen === '' ? [] : [chosen])])
  return [...all].map((reason) => [reason, reasonText(reason)] as const)
}

function entriesOf(names: typeof WHATS): (readonly [Choice['what'], string])[] {
  return (Object.keys(names) as Choice['what'][]).map((what) => [what, t(names[what])] as const)
}

function isEverything(choice: Choice): boolean {
  return (Object.keys(EVERYTHING) as (keyof Choice)[]).every((key) => choice[key] === EVERYTHING[key])
}
