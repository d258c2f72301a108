/** What each sender came to, and what its world heard of the policies meanwhile, sorted. */
export type Outcome = Record<string, { result: unknown; events: string[] }>

/** Runs in a document or a worker: send with everything that sends there. */
export async function sendAll(url: string): Promise<Outcome> {
  const outcome: Outcome = {}
  const watch = async (label: string, run: () => unknown) => {
    const events = new Set<string>()
    const note = (event: SecurityPolicyViolationEvent) => {
      const { blockedURI, disposition, documentURI, effectiveDirective, originalPolicy } = event
      const { referrer, statusCode, violatedDirective, sourceFile, lineNumber, target } = event
      const { bubbles, composed, cancelable, sample } = event
      const isHere = target === (globalThis.document ?? globalThis) && documentURI === location.href
      const where = [isHere, bubbles, composed, cancelable, sample]
      const isOurs = /extension|anonymous/.test(sourceFile) || (sourceFile === '' && lineNumber > 0)
      const what = [isOurs, disposition, effectiveDirective, violatedDirective, originalPolicy]
      // Each time the same: Chromium tells of a report twice.
      const told = [blockedURI.replace(/plain|caught/, ''), ...what, referrer, statusCode, ...where]
      events.add(JSON.stringify(told))
    }
    addEventListener('securitypolicyviolation', note)
    const result = await run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    removeEventListener('securitypolicyviolation', note)
    outcome[label] = { result, events: [...events].sort() }
  }
  const query = '?q=1'
  await watch('fetch', () =>
    fetch(`${url}${query}#part`).then(
      ({ status }) => status,
      (error: Error) => error.name,
    ),
  )
  await watch(
    'xhr',
    () =>
      new Promise((resolve) => {
        const xhr = new XMLHttpRequest()
        const seen: string[] = []
        for (const type of ['load', 'error', 'loadend']) {
          xhr.addEventListener(type, () => {
            seen.push(type)
            if (type === 'loadend') resolve([seen.join(), xhr.readyState, xhr.status])
          })
        }
        xhr.open('GET', `${url}${query}`)
        xhr.send()
      }),
  )
  await watch(
    'source',
    () =>
      new Promise((resolve) => {
        const source = new EventSource(`${url}${query}&type=text/event-stream&hex=646174613a0a0a`)
        for (const type of ['message', 'error'] as const) {
          source.addEventListener(type, () => {
            resolve([type, source.readyState])
            source.close()
          })
        }
      }),
  )
  if ('sendBeacon' in navigator) await watch('beacon', () => navigator.sendBeacon(`${url}${query}`, 'text'))
  return outcome
}
