import './toast.css'

/** What just happened, said once and aloud. The room stays when it is empty, so that screen readers notice a text. */
export function Toast(props: { text: string | null }) {
  return (
    <div class="toast-room" role="status" aria-live="polite">
      {props.text === null ? null : <p class="toast">{props.text}</p>}
    </div>
  )
}
