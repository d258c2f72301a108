import { useCallback, useEffect } from 'preact/hooks'
import type { Owner } from '../ui/owner.ts'
import { Toast } from '../ui/toast.tsx'
import { useStateOf } from '../ui/use-state-of.ts'
import { type PopupModel, WATCH_MS } from './model.ts'
import './popup-app.css'
import { useTranslations } from '../ui/translations.ts'
import { PopupFoot } from './popup-foot.tsx'
import { PopupHead } from './popup-head.tsx'
import { PopupScreen } from './popup-screen.tsx'
import { UndoButton } from './undo-button.tsx'
import { useWishedHeight } from './use-wished-height.ts'

/** The popup. */
export function PopupApp(props: { model: PopupModel; owner: Pick<Owner, 'send'> }) {
  const state = useStateOf(props.model)
  useTranslations()
  const undo = useCallback(() => void props.model.undo(), [props.model])
  useEffect(() => {
    const timer = setInterval(() => props.model.watch(), WATCH_MS)
    return () => clearInterval(timer)
  }, [props.model])
  return (
    <div class="popup-app" ref={useWishedHeight()}>
      <PopupHead screen={state.screen} model={props.model} />
      <div class="popup-body" data-about="">
        <div class="popup-content">
          <PopupScreen state={state} model={props.model} owner={props.owner} />
        </div>
      </div>
      <Toast text={state.toast}>
        {state.undo === null ? null : <UndoButton undo={state.undo} onUndo={undo} />}
      </Toast>
      <PopupFoot state={state} model={props.model} />
    </div>
  )
}
