import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { SlotSummary } from '../../shared/protocol/vault-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyText } from '../ui/copy-text.tsx'
import { hostCommand, systemOf } from '../ui/host-command.ts'
import { dateText } from '../ui/moment-text.ts'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import { ChangePassphrase } from './change-passphrase.tsx'
import { ConfirmButton } from './confirm-button.tsx'
import type { ControlModel } from './model.ts'
import { NewRecovery } from './new-recovery.tsx'
import { isRemovable, slotWords } from './slot-words.ts'
import { useAnswer } from './use-answer.ts'
import './vault-slots.css'

const ASK = { name: 'slot-list' } as const

/** What can be done about the slots from here, in the place of the buttons that open it. */
type Form = 'passphrase' | 'recovery'

/** What opens the vault, one line each, and what can be changed about it from here. */
export function VaultSlots(props: { model: ControlModel; owner: Pick<Owner, 'send'> }) {
  const { model, owner } = props
  const { value: slots, refusal, again } = useAnswer(owner, ASK, null)
  const [form, setForm] = useState<Form | null>(null)
  const openers = { passphrase: useRef<HTMLButtonElement>(null), recovery: useRef<HTMLButtonElement>(null) }
  const opened = useRef<Form | null>(null)
  // A form gives the focus back to what opened it.
  useLayoutEffect(() => {
    if (form === null && opened.current !== null) openers[opened.current].current?.focus()
    opened.current = form
  }, [form])
  const close = () => {
    setForm(null)
    again()
  }
  if (slots === null)
    return refusal === null ? <Waiting text={t('whatOpens')} /> : <Notice tone="danger">{refusal}</Notice>
  const hasPassphrase = slots.some(({ kind }) => kind === 'passphrase')
  const own = { model, owner, hasPassphrase, onClose: close }
  return (
    <Card title={t('whatOpens')}>
      <h2>{t('whatOpens')}</h2>
      <ul class="slots">
        {slots.map((slot) => (
          <Slot key={slot.id} slot={slot} all={slots} model={model} onRemoved={again} />
        ))}
      </ul>
      {form === 'passphrase' ? <ChangePassphrase {...own} /> : null}
      {form === 'recovery' ? <NewRecovery {...own} /> : null}
      {form === null ? (
        <div class="row">
          <Button small element={openers.passphrase} onPress={() => setForm('passphrase')}>
            {t(hasPassphrase ? 'passphraseChange' : 'passphraseAdd')}
          </Button>
          <Button small element={openers.recovery} onPress={() => setForm('recovery')}>
            {t('recoveryNew')}
          </Button>
        </div>
      ) : null}
      <MoreWays />
    </Card>
  )
}

function Slot(props: {
  slot: SlotSummary
  all: readonly SlotSummary[]
  model: ControlModel
  onRemoved: () => void
}) {
  const { slot, all, model } = props
  const words = slotWords(slot.kind)
  const name = t(words.name)
  const remove = async () => {
    await model.order({ name: 'slot-remove', id: slot.id }, t('slotRemoved', name))
    props.onRemoved()
  }
  return (
    <li>
      <div class="grow stack-tight">
        <h3>{name}</h3>
        <p class="small soft">{t(words.text)}</p>
        <p class="small soft">{t('slotMade', dateText(slot.createdAt))}</p>
      </div>
      {isRemovable(slot, all) ? (
        <ConfirmButton
          text={t('remove')}
          label={t('removeOf', name)}
          question={t('slotRemoveAsk')}
          onConfirm={() => void remove()}
        />
      ) : null}
    </li>
  )
}

/** Ways that only a terminal can add: the host may neither read a file elsewhere nor ask the keychain. */
function MoreWays() {
  const system = systemOf(navigator.userAgent)
  return (
    <details class="small">
      <summary>{t('slotMore')}</summary>
      <div class="stack-tight">
        <p class="soft">{t('slotMoreText')}</p>
        <CopyText text={hostCommand('add-keychain', system, '')} of={t('theCommand')} />
        <CopyText text={hostCommand('add-key-file', system, '')} of={t('theCommand')} />
      </div>
    </details>
  )
}
