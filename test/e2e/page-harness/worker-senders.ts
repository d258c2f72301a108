import { type Outcome as OneOutcome, sendAll } from './senders.ts'

/** What one sender came to, what its worker heard of the policies, and what the document above heard. */
export type Outcome = Record<string, OneOutcome[string] & { above: string[] }>

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
