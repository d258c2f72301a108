import { useEffect, useState } from 'preact/hooks'
import type { Owner } from '../ui/owner.ts'
import { Toast } from '../ui/toast.tsx'
import { type PopupModel, type PopupState, WATCH_MS } from './model.ts'
import './popup-app.css'
import { PopupHead } from './popup-head.tsx'
import { PopupScreen } from './popup-screen.tsx'

/** The popup. */
export function PopupApp(props: { model: PopupModel; owner: Pick<Owner, 'send'> }) {
  const state = useModel(props.model)
  return (
    <div class="popup-app">
      <PopupHead screen={state.screen} model={props.model} />
      <div class="popup-body">
        <PopupScreen state={state} model={props.model} owner={props.owner} />
      </div>
      <Toast text={state.toast} />
    </div>
  )
}

function useModel(model: PopupModel): PopupState {
  const [state, setState] = useState(model.state)
  useEffect(() => model.onChange(setState), [model])
  useEffect(() => {
    const timer = setInterval(() => model.watch(), WATCH_MS)
    return () => clearInterval(timer)
  }, [model])
  return state
}
