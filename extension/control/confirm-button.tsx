import { useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { t } from '../ui/strings.ts'

/** For what cannot be taken back: the first press asks in place, the second does it. */
export function ConfirmButton(props: {
  text: string
  /** What will be lost, as a question. */
  question: string
  label?: string
  onConfirm: () => void
}) {
  const [asking, setAsking] = useState(false)
  if (!asking) {
    return (
      <Button
        kind="danger"
        small
        {...(props.label === undefined ? {} : { label: props.label })}
        onPress={() => setAsking(true)}
      >
        {props.text}
      </Button>
    )
  }
  return (
    <div class="row" role="alert">
      <span class="small">{props.question}</span>
      <Button kind="danger" small onPress={props.onConfirm}>
        {props.text}
      </Button>
      <Button small onPress={() => setAsking(false)}>
        {t('keep')}
      </Button>
    </div>
  )
}
