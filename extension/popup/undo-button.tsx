import { useEffect } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { t } from '../ui/strings.ts'
import { useNow } from '../ui/use-now.ts'
import type { UndoOffer } from './session-orders.ts'

/** Takes the last revoke back, with the seconds it is offered for; Ctrl+Z or ⌘Z do the same. */
export function UndoButton(props: { undo: UndoOffer; onUndo: () => void }) {
  const { undo, onUndo } = props
  const seconds = Math.max(1, Math.ceil((undo.until - useNow()) / 1000))
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'z' || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      if (event.isTrusted && !event.repeat) onUndo()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [onUndo])
  return (
    <Button small takesFocus label={t('undoRevoke')} onPress={onUndo}>
      {t('undo')}
      <span class="soft undo-seconds">{seconds}</span>
    </Button>
  )
}
