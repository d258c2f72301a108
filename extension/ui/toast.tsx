import type { ComponentChildren } from 'preact'
import { SaidText } from './said-text.tsx'
import './toast.css'

/**
 * What just happened, said once and aloud. The room stays when it is empty, so that screen readers notice a text.
 *
 * @param props.children what can be done about it, beside the text and not read aloud with it.
 */
export function Toast(props: { text: string | null; children?: ComponentChildren }) {
  return (
    <div class="toast-place">
      <div class="toast-room" role="status" aria-live="polite">
        {props.text === null ? null : (
          <p class="toast">
            <SaidText text={props.text} />
          </p>
        )}
      </div>
      {props.children}
    </div>
  )
}
