import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { t } from '../ui/strings.ts'

interface Props {
  text: string
  /** What will be lost, as a question. */
  question: string
  label?: string
  /** What leaves all as it is. Absent: that what is asked about is kept. */
  back?: string
  onConfirm: () => void
}

/**
 * For what cannot be taken back: the first press asks in place, the second does it. The question gives the focus to what keeps all
 * as it is, so that a key pressed twice does no harm; Escape does the same. Red is the press that does it, not the one that asks: a
 * list has many of these.
 */
export function ConfirmButton(props: Props) {
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const wasAsked = useRef(false)
  useLayoutEffect(() => {
    if (!asking && wasAsked.current) opener.current?.focus()
    wasAsked.current = asking
  }, [asking])
  const close = () => setAsking(false)
  // What it is asked of may stay, as a budget does: the question was answered all the same.
  const confirm = () => {
    close()
    props.onConfirm()
  }
  if (asking) return <Question {...props} onConfirm={confirm} onKeep={close} />
  return (
    <Button
      small
      element={opener}
      {...(props.label === undefined ? {} : { label: props.label })}
      onPress={() => setAsking(true)}
    >
      {props.text}
    </Button>
  )
}

function Question(props: Props & { onKeep: () => void }) {
  const keep = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => keep.current?.focus(), [])
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') props.onKeep()
  }
  return (
    <div class="row" role="alert" onKeyDown={onKey}>
      <span class="small">{props.question}</span>
      <Button kind="danger" small onPress={props.onConfirm}>
        {props.text}
      </Button>
      <Button small element={keep} onPress={props.onKeep}>
        {props.back ?? t('keep')}
      </Button>
    </div>
  )
}
