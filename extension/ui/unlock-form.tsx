import { useRef, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Notice } from './notice.tsx'
import type { Owner } from './owner.ts'
import { refusalText } from './refusal-text.ts'
import { t } from './strings.ts'

/** Kinds of key slots that open without a word from the owner. */
const STORED = ['key-file', 'keychain']

/**
 * Opens the vault: one press where a slot is stored on this machine, else the passphrase, or the recovery code.
 *
 * @param props.slots kinds of slots the vault has.
 */
export function UnlockForm(props: { owner: Pick<Owner, 'send'>; slots: readonly string[]; focus?: boolean }) {
  const [recovery, setRecovery] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const unlock = async (how: 'passphrase' | 'recovery' | 'stored') => {
    const text = how === 'stored' ? undefined : input.current?.value
    if (text === '') return setError(t(recovery ? 'recoveryEmpty' : 'passphraseEmpty'))
    setBusy(true)
    setError(null)
    // SECURITY: the words leave the page with the order, whatever becomes of it.
    if (input.current !== null) input.current.value = ''
    try {
      await props.owner.send({ name: 'vault-unlock', with: how, ...(text === undefined ? {} : { text }) })
    } catch (refusal) {
      setError(refusalText(refusal))
      input.current?.focus()
    }
    setBusy(false)
  }
  const send = (event: Event) => {
    event.preventDefault()
    void unlock(recovery ? 'recovery' : 'passphrase')
  }
  return (
    <form class="stack" onSubmit={send}>
      {props.slots.some((slot) => STORED.includes(slot)) ? (
        <Button wide busy={busy} onPress={() => unlock('stored')}>
          {t('unlockStored')}
        </Button>
      ) : null}
      <Field
        key={recovery ? 'recovery' : 'passphrase'}
        label={t(recovery ? 'recoveryCode' : 'passphrase')}
        type={recovery ? 'text' : 'password'}
        mono={recovery}
        autocomplete={recovery ? 'off' : 'current-password'}
        input={input}
        error={error}
        focus={props.focus === true}
      />
      <Button submit wide kind="primary" busy={busy}>
        {t(busy ? 'unlocking' : 'unlock')}
      </Button>
      {recovery ? <Notice>{t('recoveryUseText')}</Notice> : null}
      <Button kind="quiet" small onPress={() => setRecovery(!recovery)}>
        {t(recovery ? 'usePassphrase' : 'useRecovery')}
      </Button>
    </form>
  )
}
