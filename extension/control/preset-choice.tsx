import { useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import type { Catalogue } from '../ui/catalogue.ts'
import { t } from '../ui/strings.ts'
import { FindService } from './find-service.tsx'
import './preset-choice.css'

/**
 * The catalogue as cards.
 *
 * @param props.onChoose with the key where the owner pasted one: it is handed on and kept nowhere here.
 */
export function PresetChoice(props: {
  presets: Catalogue
  /** What is looked for can be typed at once. */
  focus: boolean
  onChoose: (preset: Preset, key?: string) => void
}) {
  const [sought, setSought] = useState('')
  const words = sought.toLowerCase().split(/\s+/)
  const found = props.presets.filter((preset) => {
    const text = `${preset.label} ${preset.id} ${preset.baseUrls.join(' ')}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <section class="stack" aria-label={t('chooseService')}>
      <h2>{t('chooseService')}</h2>
      <FindService
        presets={props.presets}
        focus={props.focus}
        sought={sought}
        onSeek={setSought}
        onKey={props.onChoose}
      />
      {found.length === 0 ? <p class="soft">{t('noServiceFound')}</p> : null}
      <ul class="presets">
        {found.map((preset) => (
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

/** A mark of its own for a service, without anyone's logo: the first capitals of its name, else its first letter. */
export function Initials(props: { label: string }) {
  const capitals = props.label.match(/\p{Lu}/gu) ?? props.label.toUpperCase().match(/[\p{L}\p{N}]/u) ?? ['?']
  return (
    <span class="initials" aria-hidden="true">
      {capitals.slice(0, 2).join('')}
    </span>
  )
}
