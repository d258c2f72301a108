import type { Rule } from '../../../shared/model/capability.ts'
import { Chip } from '../../ui/chip.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { t } from '../../ui/strings.ts'
import { EFFECT_TONES, effectText } from './effect-words.ts'

const STRENGTH = { deny: 0, ask: 1, allow: 2 }

/** The rules of a capability, in the order in which they decide: what denies beats what asks beats what allows. */
export function RulesList(props: { rules: readonly Rule[] }) {
  if (props.rules.length === 0) return <p>{t('allowsNothing')}</p>
  const rules = props.rules.toSorted((one, other) => STRENGTH[one.effect] - STRENGTH[other.effect])
  return (
    <ul class="rules" aria-label={t('rules')}>
      {rules.map(({ effect, pattern }) => (
        <li key={`${effect} ${pattern}`}>
          <Chip tone={EFFECT_TONES[effect]}>{effectText(effect)}</Chip>
          <code dir="ltr">
            <ForeignText text={pattern} />
          </code>
        </li>
      ))}
    </ul>
  )
}
