import type { Preset } from '../../shared/model/preset.ts'
import { isOffered } from '../../shared/presets/is-offered.ts'
import { RiskChips } from '../ui/risk-chips.tsx'
import { t } from '../ui/strings.ts'
import './capability-picker.css'

/** Which of a preset's capabilities there shall be to give to sites. None is given by choosing it here. */
export function CapabilityPicker(props: {
  preset: Preset
  chosen: readonly string[]
  /** The service is on this machine or a private network. */
  isLocal: boolean
  /** Why the form was not sent. */
  error: string | null
  onChange: (chosen: string[]) => void
}) {
  const toggle = (id: string, on: boolean) => {
    const { capabilities } = props.preset
    props.onChange(
      capabilities.map((one) => one.id).filter((one) => (one === id ? on : props.chosen.includes(one))),
    )
  }
  return (
    <fieldset class="capabilities">
      <legend>{t('capabilitiesFor')}</legend>
      <p class="small soft">{t('capabilitiesText')}</p>
      {props.preset.capabilities
        .filter((one) => isOffered(one, props.preset.auth))
        .map((capability) => (
          <label key={capability.id} class="capability">
            <input
              type="checkbox"
              checked={props.chosen.includes(capability.id)}
              aria-invalid={props.error !== null}
              onChange={(event) => toggle(capability.id, event.currentTarget.checked)}
            />
            <span class="stack-tight">
              <strong>{capability.label}</strong>
              <span class="small soft">{capability.description}</span>
              <RiskChips risks={props.isLocal ? [capability.risk, 'local'] : [capability.risk]} />
            </span>
          </label>
        ))}
      <div aria-live="polite">{props.error === null ? null : <p class="field-error">{props.error}</p>}</div>
    </fieldset>
  )
}
