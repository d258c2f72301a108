import { useRef, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Field } from './field.tsx'
import { Notice } from './notice.tsx'
import type { Owner } from './owner.ts'
import { refusalText } from './refusal-text.ts'
import { type MessageName, t } from './strings.ts'

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
  const isStored = props.slots.some((slot) => STORED.includes(slot))
  // Without any word of the host all that can be is offered; a vault without a passphrase asks for none.
  const asksPassphrase = props.slots.length === 0 || props.slots.includes('passphrase')
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
      {isStored ? (
        <Button wide kind="primary" busy={busy} onPress={() => unlock('stored')}>
          {t('unlockStored')}
        </Button>
      ) : null}
      {asksPassphrase || recovery ? (
        <>
          <Field
            key={recovery ? 'recovery' : 'passphrase'}
            label={t(recovery ? 'recoveryCode' : 'passphrase')}
            type={recovery ? 'text' : 'password'}
            mono={recovery}
            autocomplete={recovery ? 'off' : 'current-password'}
            input={input}
            error={error}
            focus={recovery || (props.focus === true && !isStored)}
          />
          <Button submit wide kind={isStored ? 'plain' : 'primary'} busy={busy}>
            {t(busy ? 'unlocking' : 'unlock')}
          </Button>
          {recovery ? <Notice>{t('recoveryUseText')}</Notice> : null}
        </>
      ) : (
        <div role="status">{error === null ? null : <Notice tone="danger">{error}</Notice>}</div>
      )}
      <Button kind="quiet" small onPress={() => setRecovery(!recovery)}>
        {t(otherWay(recovery, asksPassphrase))}
      </Button>
    </form>
  )
}

/** The way that is not shown: from the recovery code back, or to it. */
function otherWay(recovery: boolean, asksPassphrase: boolean): MessageName {
  if (!recovery) return asksPassphrase ? 'useRecovery' : 'useRecoveryOnly'
  return asksPassphrase ? 'usePassphrase' : 'cancel'
}
