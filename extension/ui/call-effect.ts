import { isReading } from '../../shared/model/reading.ts'

/** What a call may do, judged by its method alone (RFC 9110, section 9.2.1): what is not plainly reading changes things. */
export type CallEffect = 'reads' | 'changes' | 'deletes'

/** Which of them a call is. A method that nobody knows counts as changing. */
export function callEffect(method: string): CallEffect {
  if (isReading(method)) return 'reads'
  return method === 'DELETE' ? 'deletes' : 'changes'
}
