import { useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import { PassphraseMeter } from './passphrase-meter.tsx'
import { type PassphraseStrength, typedStrength } from './passphrase-strength.ts'

/** Choose a passphrase, twice, and make the vault. @param props.onMade told the recovery code, which is shown once. */
export function NewVault(props: { owner: Pick<Owner, 'send'>; onMade: (recoveryCode: string) => void }) {
  const first = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const [strength, setStrength] = useState<PassphraseStrength | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [typo, setTypo] = useState(false)
  const make = async (event: Event) => {
    event.preventDefault()
    const passphrase = first.current?.value ?? ''
    const isEmpty = passphrase === ''
    const isTypo = passphrase !== second.current?.value
    setTypo(isTypo)
    setError(isEmpty ? t('passphraseEmpty') : null)
    // Whoever pressed the button below goes on where it is to be mended; what nobody can read is typed anew.
    if (isEmpty) return first.current?.focus()
    if (isTypo) return second.current?.select()
    setBusy(true)
    try {
      const { recoveryCode } = await props.owner.send({ name: 'vault-init', passphrase })
      props.onMade(recoveryCode)
    } catch (refusal) {
      setError(refusalText(refusal))
    }
    setBusy(false)
  }
  return (
    <Card title={t('newVaultTitle')}>
      <h2>{t('newVaultTitle')}</h2>
      <p class="soft">{t('newVaultText')}</p>
      <form class="stack" onSubmit={make}>
        <Field
          label={t('passphrase')}
          type="password"
          autocomplete="new-password"
          input={first}
          error={error}
          hint={t('passphraseHint')}
          focus
          onInput={(value) => setStrength(typedStrength(value))}
        />
        <PassphraseMeter strength={strength} />
        <Field
          label={t('passphraseAgain')}
          type="password"
          autocomplete="new-password"
          input={second}
          error={typo ? t('passphraseDiffers') : null}
          onInput={() => setTypo(false)}
        />
        <div class="row">
          <Button submit kind="primary" busy={busy}>
            {t(busy ? 'newVaultMaking' : 'newVaultDo')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
