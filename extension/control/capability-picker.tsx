import type { Preset, PresetCapability } from '../../shared/model/preset.ts'
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
          <CapabilityTick
            key={capability.id}
            capability={capability}
            ticked={props.chosen.includes(capability.id)}
            isLocal={props.isLocal}
            isFaulty={props.error !== null}
            onTick={(on) => toggle(capability.id, on)}
          />
        ))}
      <div aria-live="polite">{props.error === null ? null : <p class="field-error">{props.error}</p>}</div>
    </fieldset>
  )
}

/** One capability of a preset with a box to tick, what it lets a site do, and what that may cost. */
export function CapabilityTick(props: {
  capability: PresetCapability
  ticked: boolean
  isLocal: boolean
  /** Something about what is ticked keeps the form from being sent. */
  isFaulty: boolean
  onTick: (on: boolean) => void
}) {
  const { capability } = props
  return (
    <label class="capability">
      <input
        type="checkbox"
        checked={props.ticked}
        aria-invalid={props.isFaulty}
        onChange={(event) => props.onTick(event.currentTarget.checked)}
      />
      <span class="stack-tight">
        <strong>{capability.label}</strong>
        <span class="small soft">{capability.description}</span>
        <RiskChips risks={props.isLocal ? [capability.risk, 'local'] : [capability.risk]} />
      </span>
    </label>
  )
}
