import './countdown-ring.css'
import { durationText } from './duration-text.ts'
import { t } from './strings.ts'

const RADIUS = 7
const AROUND = 2 * Math.PI * RADIUS

/** Below this share of its life a session is shown as ending. */
const SHORT = 0.1

/** How much of a session's life is left: as a ring and in words. Times in milliseconds since the epoch. */
export function CountdownRing(props: { from: number; to: number; now: number }) {
  const left = Math.max(0, props.to - props.now)
  const share = Math.min(1, left / Math.max(1, props.to - props.from))
  const text = durationText(Math.ceil(left / 1000))
  return (
    <span class={share < SHORT ? 'countdown countdown-short' : 'countdown'}>
      <svg class="countdown-ring" viewBox="0 0 18 18" aria-hidden="true">
        <circle class="countdown-track" cx="9" cy="9" r={RADIUS} />
        <circle
          class="countdown-rest"
          cx="9"
          cy="9"
          r={RADIUS}
          stroke-dasharray={`${AROUND * share} ${AROUND}`}
        />
      </svg>
      <span>{t('timeLeft', text)}</span>
    </span>
  )
}
