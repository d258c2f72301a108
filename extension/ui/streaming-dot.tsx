import './streaming-dot.css'

/** `streaming`: calls are in flight. `live`: connected and at rest. `off`: not connected. The label says it in words. */
export function StreamingDot(props: { state: 'streaming' | 'live' | 'off'; label: string }) {
  return <span class={`dot dot-${props.state}`} role="img" aria-label={props.label} title={props.label} />
}
