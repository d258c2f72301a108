/** What a call may do, judged by its method alone (RFC 9110, section 9.2.1): what is not plainly reading changes things. */
export type CallEffect = 'reads' | 'changes' | 'deletes'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Which of them a call is. A method that nobody knows counts as changing. */
export function callEffect(method: string): CallEffect {
  if (READING.has(method)) return 'reads'
  return method === 'DELETE' ? 'deletes' : 'changes'
}
