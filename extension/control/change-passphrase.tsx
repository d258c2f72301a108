import { useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import { t } from '../ui/strings.ts'
import type { ControlModel } from './model.ts'
import { PassphraseMeter } from './passphrase-meter.tsx'
import { type PassphraseStrength, typedStrength } from './passphrase-strength.ts'

/** Which field a complaint is about, and what it says. */
interface Fault {
  at: 'current' | 'next' | 'again'
  text: string
}

/**
 * Takes a new passphrase in the place of the one that is known, or the vault's first one.
 *
 * @param props.onClose it was changed, or the owner changed their mind.
 */
export function ChangePassphrase(props: {
  model: ControlModel
  owner: Pick<Owner, 'send'>
  hasPassphrase: boolean
  onClose: () => void
}) {
  const { hasPassphrase } = props
  const current = useRef<HTMLInputElement>(null)
  const next = useRef<HTMLInputElement>(null)
  const again = useRef<HTMLInputElement>(null)
  const [strength, setStrength] = useState<PassphraseStrength | null>(null)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  // Whoever pressed the button below would have to look for it.
  const complain = (found: Fault) => {
    setFault(found)
    ;({ current, next, again })[found.at].current?.focus()
  }
  const errorAt = (at: Fault['at']) => (fault?.at === at ? fault.text : null)
  const change = async (event: Event) => {
    event.preventDefault()
    const typed = { current: current.current?.value ?? '', next: next.current?.value ?? '' }
    const found = faultOf({ ...typed, again: again.current?.value ?? '' }, hasPassphrase)
    if (found !== null) return complain(found)
    setFault(null)
    setBusy(true)
    const order = { next: typed.next, ...(hasPassphrase ? { current: typed.current } : {}) }
    try {
      await props.owner.send({ name: 'slot-passphrase', ...order })
      // SECURITY: it must not linger in the page.
      for (const { current: input } of [current, next, again]) if (input !== null) input.value = ''
      props.model.say(t('passphraseChanged'))
      props.onClose()
    } catch (refusal) {
      complain(refused(refusal))
    }
    setBusy(false)
  }
  return (
    <form
      class="stack"
      aria-label={t(hasPassphrase ? 'passphraseChange' : 'passphraseAdd')}
      onSubmit={change}
    >
      {hasPassphrase ? (
        <Field
          label={t('passphraseNow')}
          type="password"
          autocomplete="current-password"
          input={current}
          error={errorAt('current')}
          focus
        />
      ) : null}
      <Field
        label={t('passphraseNext')}
        type="password"
        autocomplete="new-password"
        input={next}
        error={errorAt('next')}
        hint={t('passphraseHint')}
        focus={!hasPassphrase}
        onInput={(value) => setStrength(typedStrength(value))}
      />
      <PassphraseMeter strength={strength} />
      <Field
        label={t('passphraseAgain')}
        type="password"
        autocomplete="new-password"
        input={again}
        error={errorAt('again')}
      />
      <div class="row">
        <Button submit kind="primary" small busy={busy}>
          {t(hasPassphrase ? 'passphraseChangeDo' : 'passphraseAddDo')}
        </Button>
        <Button small onPress={props.onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

function faultOf(
  typed: { current: string; next: string; again: string },
  hasPassphrase: boolean,
): Fault | null {
  if (hasPassphrase && typed.current === '') return { at: 'current', text: t('passphraseEmpty') }
  if (typed.next === '') return { at: 'next', text: t('passphraseEmpty') }
  return typed.next === typed.again ? null : { at: 'again', text: t('passphraseDiffers') }
}

function refused(refusal: unknown): Fault {
  const code = refusal instanceof Error && 'code' in refusal ? refusal.code : ''
  return { at: code === 'wrong-passphrase' ? 'current' : 'next', text: refusalText(refusal) }
}
