import { useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import type { ControlModel } from './model.ts'
import { RecoverySheet } from './recovery-sheet.tsx'

/**
 * A new recovery code: made after the passphrase was said, shown once, and only when it is stored is the old one gone.
 *
 * @param props.onClose it is done, or the owner changed their mind.
 */
export function NewRecovery(props: {
  model: ControlModel
  owner: Pick<Owner, 'send'>
  hasPassphrase: boolean
  onClose: () => void
}) {
  const { model, owner, hasPassphrase, onClose } = props
  const [made, setMade] = useState<{ id: string; recoveryCode: string } | null>(null)
  if (made === null) return <AskPassphrase {...{ owner, hasPassphrase, onClose }} onMade={setMade} />
  const keep = async () => {
    if (await model.order({ name: 'recovery-keep', id: made.id }, t('recoveryChanged'))) onClose()
  }
  const giveUp = async () => {
    await model.order({ name: 'slot-remove', id: made.id }, t('recoveryKept'))
    onClose()
  }
  return (
    <div class="stack">
      <RecoverySheet code={made.recoveryCode} onStored={() => void keep()} />
      <div class="row no-print">
        <Button small onPress={() => void giveUp()}>
          {t('recoveryKeepOld')}
        </Button>
      </div>
    </div>
  )
}

function AskPassphrase(props: {
  owner: Pick<Owner, 'send'>
  hasPassphrase: boolean
  onClose: () => void
  onMade: (made: { id: string; recoveryCode: string }) => void
}) {
  const { hasPassphrase } = props
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const make = async (event: Event) => {
    event.preventDefault()
    const current = input.current?.value ?? ''
    if (hasPassphrase && current === '') return setError(t('passphraseEmpty'))
    setBusy(true)
    setError(null)
    try {
      const order = hasPassphrase ? { current } : {}
      props.onMade(await props.owner.send({ name: 'recovery-new', ...order }))
    } catch (refusal) {
      setError(refusalText(refusal))
      setBusy(false)
    }
  }
  return (
    <form class="stack" aria-label={t('recoveryNew')} onSubmit={make}>
      <p class="soft">{t('recoveryNewText')}</p>
      {hasPassphrase ? (
        <Field
          label={t('passphraseNow')}
          type="password"
          autocomplete="current-password"
          input={input}
          error={error}
          focus
        />
      ) : error === null ? null : (
        <Notice tone="danger">{error}</Notice>
      )}
      <div class="row">
        <Button submit kind="primary" small busy={busy}>
          {t('recoveryMake')}
        </Button>
        <Button small onPress={props.onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
