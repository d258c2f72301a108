import type { Risk } from './capability-words.ts'
import { Chip } from './chip.tsx'
import { type MessageName, t } from './strings.ts'

const WORDS: Record<Risk, { text: MessageName; tone: 'neutral' | 'warn' | 'danger' }> = {
  read: { text: 'riskRead', tone: 'neutral' },
  spend: { text: 'riskSpend', tone: 'warn' },
  write: { text: 'riskWrite', tone: 'danger' },
  local: { text: 'riskLocal', tone: 'danger' },
  'no-models': { text: 'riskNoModels', tone: 'neutral' },
  ask: { text: 'riskAsk', tone: 'neutral' },
}

/** What a capability may cost the owner, in words. */
export function RiskChips(props: { risks: readonly Risk[] }) {
  return (
    <ul class="row chips" aria-label={t('whatItMayDo')}>
      {props.risks.map((risk) => (
        <li key={risk}>
          <Chip tone={WORDS[risk].tone}>{t(WORDS[risk].text)}</Chip>
        </li>
      ))}
    </ul>
  )
}
