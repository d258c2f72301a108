import type { CapabilityLimits } from '../../../shared/model/capability.ts'
import { EDITABLE_LIMITS, type EditableLimit } from '../../../shared/model/capability-bounds.ts'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { Field } from '../../ui/field.tsx'
import { t } from '../../ui/strings.ts'
import type { CapabilityDraft } from './capability-draft.ts'
import { limitLabel } from './limit-words.ts'
import { PERIODS, periodText } from './period-words.ts'

/** The limits of a draft, and where it can be chosen how far back tokens and money count. @param props.currency null: there are no prices, so money cannot be limited. */
export function LimitsEditor(props: {
  limits: CapabilityDraft['limits']
  /** Absent: not to be chosen here. */
  period?: { value: CapabilityLimits['period']; onChoose: (period: CapabilityLimits['period']) => void }
  currency: string | null
  /** Those that cannot be read. */
  faults: readonly EditableLimit[]
  onChange: (limits: CapabilityDraft['limits']) => void
}) {
  const { limits, period, currency, faults, onChange } = props
  const shown = EDITABLE_LIMITS.filter((name) => name !== 'maxCost' || currency !== null)
  return (
    <fieldset class="rules-editor stack">
      <legend>{t('limits')}</legend>
      <p class="small soft">{t('limitsHint')}</p>
      <div class="limit-fields">
        {shown.map((name) => (
          <Field
            key={name}
            label={limitLabel(name, currency ?? '')}
            value={limits[name]}
            placeholder={name === 'ttl' ? '' : t('noLimit')}
            error={faults.includes(name) ? t(name === 'ttl' ? 'limitNeeded' : 'limitWrong') : null}
            onInput={(text) => onChange({ ...limits, [name]: text })}
          />
        ))}
        {period === undefined ? null : (
          <ChoiceField
            label={t('limitPeriod')}
            value={period.value}
            options={PERIODS.map((each) => [each, periodText(each)] as const)}
            onChoose={period.onChoose}
          />
        )}
      </div>
    </fieldset>
  )
}
