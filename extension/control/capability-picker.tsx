import type { Preset, PresetCapability } from '../../shared/model/preset.ts'
import type { Risk } from '../ui/capability-words.ts'
import { RiskChips } from '../ui/risk-chips.tsx'
import { t } from '../ui/strings.ts'
import './capability-picker.css'

/** Which of a preset's capabilities there shall be to give to sites. None is given by choosing it here. */
export function CapabilityPicker(props: {
  preset: Preset
  chosen: readonly string[]
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
      {props.preset.capabilities.map((capability) => (
        <label key={capability.id} class="capability">
          <input
            type="checkbox"
            checked={props.chosen.includes(capability.id)}
            onChange={(event) => toggle(capability.id, event.currentTarget.checked)}
          />
          <span class="stack-tight">
            <strong>{capability.label}</strong>
            <span class="small soft">{capability.description}</span>
            <RiskChips risks={risksOf(capability, props.preset)} />
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function risksOf(capability: PresetCapability, preset: Preset): Risk[] {
  return preset.local ? [capability.risk, 'local'] : [capability.risk]
}
