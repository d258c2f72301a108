import { type MessageName, t } from '../ui/strings.ts'
import './passphrase-meter.css'
import type { PassphraseStrength } from './passphrase-strength.ts'

const WORDS: Record<PassphraseStrength, MessageName> = {
  0: 'strengthShort',
  1: 'strengthWeak',
  2: 'strengthGood',
  3: 'strengthStrong',
}

/** How strong the passphrase looks that is being typed, as a bar and in words. */
export function PassphraseMeter(props: { strength: PassphraseStrength }) {
  return (
    <div class="strength" role="status">
      <meter class={`strength-meter strength-${props.strength}`} min={0} max={3} value={props.strength}>
        {t(WORDS[props.strength])}
      </meter>
      <span class="small soft">{t(WORDS[props.strength])}</span>
    </div>
  )
}
