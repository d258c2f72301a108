import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { t } from '../ui/strings.ts'
import './preset-choice.css'

/** The catalogue as cards. */
export function PresetChoice(props: { onChoose: (preset: Preset) => void }) {
  return (
    <section class="stack" aria-label={t('chooseService')}>
      <h2>{t('chooseService')}</h2>
      <ul class="presets">
        {PRESETS.map((preset) => (
          <li key={preset.id}>
            <button type="button" class="preset" onClick={() => props.onChoose(preset)}>
              <Initials label={preset.label} />
              <span class="grow">
                <span class="preset-name">{preset.label}</span>
                <span class="small soft">{preset.baseUrls[0] ?? preset.baseUrlHint}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A mark of its own for a service, without anyone's logo: the first capitals of its name. */
export function Initials(props: { label: string }) {
  const capitals = props.label.match(/\p{Lu}/gu) ?? [props.label.charAt(0).toUpperCase()]
  return (
    <span class="initials" aria-hidden="true">
      {capitals.slice(0, 2).join('')}
    </span>
  )
}
