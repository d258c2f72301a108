import type { Measure } from '../../shared/protocol/budget-commands.ts'
import { Chip } from '../ui/chip.tsx'
import { t } from '../ui/strings.ts'
import './measure-bar.css'
import { type Amounts, measureWords } from './measure-words.ts'

/**
 * One measure of a budget: what of it was used, what calls in flight hold, and what is left, as a bar and in words.
 */
export function MeasureBar(props: { name: string; measure: Measure; amounts: Amounts }) {
  const { text, bar, state } = measureWords(props.measure, props.amounts)
  return (
    <div class="measure">
      <p class="measure-name">
        {props.name}
        {state === 'room' ? null : (
          <Chip tone={state === 'spent' ? 'danger' : 'warn'}>
            {t(state === 'spent' ? 'measureSpent' : 'measureScarce')}
          </Chip>
        )}
      </p>
      {bar === null ? null : (
        <>
          <meter class="aloud" min={0} max={1} value={bar.spent + bar.reserved} aria-label={props.name}>
            {text}
          </meter>
          <div class={`measure-bar measure-${state}`} aria-hidden="true">
            <span class="measure-used" style={{ inlineSize: `${bar.spent * 100}%` }} />
            <span class="measure-held" style={{ inlineSize: `${bar.reserved * 100}%` }} />
          </div>
        </>
      )}
      <p class="small soft measure-text">{text}</p>
    </div>
  )
}
