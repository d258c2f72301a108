import { useId } from 'preact/hooks'
import './field.css'
import './tick-field.css'

/** A box to tick, with its label and what it means below. */
export function TickField(props: {
  label: string
  /** What is so, as it is ticked now or not. */
  hint: string
  ticked: boolean
  onTick: (ticked: boolean) => void
}) {
  const id = useId()
  return (
    <div class="tick-field">
      <label>
        <input
          type="checkbox"
          checked={props.ticked}
          aria-describedby={id}
          onChange={(event) => props.onTick(event.currentTarget.checked)}
        />
        <span>{props.label}</span>
      </label>
      <p id={id} class="small soft">
        {props.hint}
      </p>
    </div>
  )
}
