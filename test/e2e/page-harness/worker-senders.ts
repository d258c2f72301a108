/** What one sender came to, what its worker heard of the policies, and what the document above heard. */
export type Outcome = Record<string, { result: unknown; events: string[]; above: string[] }>

/** Runs in a worker: send with everything that sends there. */
async function sendAll(url: string): Promise<Outcome> {
  const outcome: Outcome = {}
  const watch = async (label: string, run: () => unknown) => {
    const events = new Set<string>()
    const note = (event: Event) => {
      const { blockedURI, disposition, documentURI, effectiveDirective, originalPolicy, target } =
        event as SecurityPolicyViolationEvent
      const { referrer, statusCode, violatedDirective, sourceFile, bubbles, composed, cancelable, sample } =
        event as SecurityPolicyViolationEvent
      const what = [disposition, effectiveDirective, violatedDirective, originalPolicy, referrer, statusCode]
      const where = [target === self, bubbles, composed, cancelable, sample, documentURI]
      const isOurs = /extension|anonymous/.test(sourceFile)
      // Each time the same: Chromium tells of a report twice.
      events.add(JSON.stringify([blockedURI.replace(/plain|caught/, ''), isOurs, ...what, ...where]))
    }
    addEventListener('securitypolicyviolation', note)
    const result = await run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    removeEventListener('securitypolicyviolation', note)
    outcome[label] = { result, events: [...events].sort(), above: [] }
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
  return outcome
}

/** A worker's text: sends to each address it is told, one after the other. */
export const WORKER_SOURCE = `onmessage = async ({ data }) => postMessage(await (${sendAll})(data))`

/** Runs in a page: have one worker of a text send to each address. */
export async function sendInWorker(source: string, urls: string[]): Promise<Outcome[]> {
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(address)
  const outcomes: Outcome[] = []
  for (const url of urls) {
    const above = new Set<string>()
    const note = ({ blockedURI, disposition }: SecurityPolicyViolationEvent) =>
      above.add(`${disposition} ${blockedURI.replace(/plain|caught/, '')}`)
    document.addEventListener('securitypolicyviolation', note)
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(url)
    })
    document.removeEventListener('securitypolicyviolation', note)
    for (const sender of Object.values(outcome)) sender.above = [...above].sort()
    outcomes.push(outcome)
  }
  worker.terminate()
  return outcomes
}
