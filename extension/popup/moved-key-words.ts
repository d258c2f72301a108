import { counted, t } from '../ui/strings.ts'
import type { MovedKey } from './page-key-orders.ts'

/** What the notice about a key that was taken out says of the page's storage, and how loud. */
export function movedKeyWords({ replaced, left, untouched }: Omit<MovedKey, 'service'>): {
  tone: 'good' | 'warn'
  texts: string[]
} {
  const texts = [
    ...(replaced > 0 ? [counted('pageKeySwapped', replaced)] : []),
    ...(left > 0 ? [counted('pageKeyLeft', left)] : []),
    ...(untouched ? [t('pageKeyUntouched')] : []),
  ]
  return { tone: left > 0 || untouched ? 'warn' : 'good', texts }
}
