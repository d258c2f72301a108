import { useEffect, useState } from 'preact/hooks'

/** The time now, in milliseconds since the epoch, told again every second while the page is shown. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
