import { type MessageName, t } from '../ui/strings.ts'
import './passphrase-meter.css'
import type { PassphraseStrength } from './passphrase-strength.ts'

const WORDS: Record<PassphraseStrength, MessageName> = {
  0: 'strengthShort',
  1: 'strengthWeak',
  2: 'strengthGood',
  3: 'strengthStrong',
}

/** How strong the passphrase looks that is being typed, as a bar and in words. @param props.strength null: nothing is typed, and nothing said of it. */
export function PassphraseMeter(props: { strength: PassphraseStrength | null }) {
  const { strength } = props
  const words = strength === null ? '' : t(WORDS[strength])
  return (
    <div class="strength" role="status">
      <meter class={`strength-meter strength-${strength ?? 0}`} min={0} max={3} value={strength ?? 0}>
        {words}
      </meter>
      {/* The line is there before its words are: nothing below moves. */}
      <span class="small soft">{words || '\u00a0'}</span>
    </div>
  )
}
