import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import { cleanKey } from '../../shared/presets/clean-key.ts'
import { recogniseKey } from '../../shared/presets/recognise-key.ts'
import type { Catalogue } from '../ui/catalogue.ts'
import { t } from '../ui/strings.ts'

/** No name of a service is as long, characters, without a space: what is pasted so may be a key. */
const KEY_LIKE = 20

/**
 * Finds a service by its name, or by the shape of its key. A key that is pasted never comes to stand in this field, where
 * it could be read over a shoulder.
 */
export function FindService(props: {
  presets: Catalogue
  sought: string
  /** It has the focus as soon as it is there. */
  focus: boolean
  onSeek: (text: string) => void
  onKey: (preset: Preset, key: string) => void
}) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (props.focus) field.current?.focus()
  }, [])
  const [unknownKey, setUnknownKey] = useState(false)
  const paste = (event: ClipboardEvent) => {
    const { key } = cleanKey(event.clipboardData?.getData('text') ?? '')
    const [first] = recogniseKey(key, props.presets)
    const isKeyLike = first !== undefined || (key.length >= KEY_LIKE && !/\s/.test(key))
    setUnknownKey(isKeyLike && first === undefined)
    if (isKeyLike) event.preventDefault()
    if (first !== undefined) props.onKey(first.preset, key)
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {t('findService')}
      </label>
      <input
        id={id}
        ref={field}
        class="field-input"
        type="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={props.sought}
        aria-describedby={`${id}-notes`}
        onPaste={paste}
        onInput={(event) => {
          setUnknownKey(false)
          props.onSeek(event.currentTarget.value)
        }}
      />
      <div id={`${id}-notes`} aria-live="polite">
        <p class={unknownKey ? 'field-error' : 'field-hint'}>
          {t(unknownKey ? 'unknownKey' : 'findServiceHint')}
        </p>
      </div>
    </div>
  )
}
