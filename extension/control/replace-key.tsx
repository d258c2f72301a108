import { useRef, useState } from 'preact/hooks'
import { cleanKey } from '../../shared/presets/clean-key.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import type { ControlModel } from './model.ts'
import { newSecrets, secretFields } from './new-secrets.ts'

/**
 * Takes a new key for a service in place of the old one, which is shown nowhere.
 *
 * @param props.onReplaced the new one is in the vault. @param props.onClose the owner changed their mind.
 */
export function ReplaceKey(props: {
  service: ServiceSummary
  model: ControlModel
  onReplaced: () => void
  onClose: () => void
}) {
  const { service } = props
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [empty, setEmpty] = useState(false)
  const fields = secretFields(service)
  const send = async (event: Event) => {
    event.preventDefault()
    const inputs = [...(form.current?.querySelectorAll('input') ?? [])]
    const secrets = newSecrets(
      fields,
      inputs.map(({ value }) => (service.preset === null ? value.trim() : cleanKey(value).key)),
    )
    setEmpty(secrets === null)
    if (secrets === null) return inputs[0]?.focus()
    setBusy(true)
    const replaced = await props.model.order(
      { name: 'service-rotate', id: service.id, secrets },
      t('keyReplaced', labelText(service.label)),
    )
    setBusy(false)
    if (!replaced) return
    // SECURITY: the key is in the vault now; it must not linger in the page.
    for (const input of inputs) input.value = ''
    props.onReplaced()
  }
  return (
    <form ref={form} class="stack" aria-label={t('replaceKeyOf', labelText(service.label))} onSubmit={send}>
      {fields.map(({ label }, index) => (
        <Field
          key={label}
          label={label}
          type="password"
          mono
          focus={index === 0}
          error={empty && index === 0 ? t('keyEmpty') : null}
          hint={fields.length > 1 ? t('newSecretHint') : t('keyGoesTo')}
        />
      ))}
      <Notice>
        <p class="small">{t('replaceKeyText')}</p>
      </Notice>
      <div class="row">
        <Button submit kind="primary" small busy={busy}>
          {t('replaceAndTest')}
        </Button>
        <Button small onPress={props.onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
