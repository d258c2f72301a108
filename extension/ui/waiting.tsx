import { useEffect, useState } from 'preact/hooks'

/** Waits shorter than this are not worth a word, in milliseconds: a word that flashes by only alarms. */
export const SILENT_MS = 1000

/** What is waited for, said once the wait has become noticeable. Its room is there from the start. */
export function Waiting(props: { text: string }) {
  const [noticeable, setNoticeable] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setNoticeable(true), SILENT_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="waiting soft" role="status">
      {noticeable ? props.text : '\u00a0'}
    </p>
  )
}
