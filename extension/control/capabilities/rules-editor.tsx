import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Effect, Rule } from '../../../shared/model/capability.ts'
import { MAX_RULES } from '../../../shared/model/capability-bounds.ts'
import { Button } from '../../ui/button.tsx'
import { t } from '../../ui/strings.ts'
import { effectText } from './effect-words.ts'

const EFFECTS: readonly Effect[] = ['allow', 'ask', 'deny']

/** The rules of a draft: each with what it says and of which calls. */
export function RulesEditor(props: { rules: readonly Rule[]; onChange: (rules: Rule[]) => void }) {
  const { rules, onChange } = props
  // Those that were there first take no focus.
  const firstNew = useRef(rules.length)
  firstNew.current = Math.min(firstNew.current, rules.length)
  const put = (at: number, rule: Rule) => onChange(rules.map((each, index) => (index === at ? rule : each)))
  return (
    <fieldset class="rules-editor stack">
      <legend>{t('rules')}</legend>
      <p class="small soft">{t('rulesHint')}</p>
      {rules.map((rule, at) => (
        // Rules have no identity of their own: their place is the only one there is while their text is typed.
        <RuleFields
          key={at}
          rule={rule}
          at={at + 1}
          isNew={at >= firstNew.current}
          onChange={(changed) => put(at, changed)}
          onRemove={() => onChange(rules.filter((_, index) => index !== at))}
        />
      ))}
      <div class="row">
        <Button
          small
          disabled={rules.length >= MAX_RULES}
          onPress={() => onChange([...rules, { effect: 'allow', pattern: '' }])}
        >
          {t('addRule')}
        </Button>
      </div>
    </fieldset>
  )
}

function RuleFields(props: {
  rule: Rule
  at: number
  /** The owner wants to fill it in. */
  isNew: boolean
  onChange: (rule: Rule) => void
  onRemove: () => void
}) {
  const { rule, at, onChange } = props
  const effect = useRef<HTMLSelectElement>(null)
  useLayoutEffect(() => {
    if (props.isNew) effect.current?.focus()
  }, [])
  return (
    <div class="rule-fields">
      <select
        ref={effect}
        class="field-input"
        aria-label={t('ruleEffectOf', at)}
        value={rule.effect}
        onChange={(event) => onChange({ ...rule, effect: event.currentTarget.value as Effect })}
      >
        {EFFECTS.map((effect) => (
          <option key={effect} value={effect}>
            {effectText(effect)}
          </option>
        ))}
      </select>
      <input
        class="field-input field-mono"
        dir="ltr"
        aria-label={t('rulePatternOf', at)}
        value={rule.pattern}
        placeholder="GET /v1/models"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={2048}
        onInput={(event) => onChange({ ...rule, pattern: event.currentTarget.value })}
      />
      <Button small kind="quiet" label={t('removeOf', t('ruleNumber', at))} onPress={props.onRemove}>
        {t('remove')}
      </Button>
    </div>
  )
}
