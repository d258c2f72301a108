import { readFile } from 'node:fs/promises'

/** What background/ told the host of the document that a call came from. */
export interface NativeCall {
  /** The address the call was for. */
  readonly url: string
  readonly origin: string
  readonly topOrigin: string
}

/**
 * The calls in a record of the native wire, each with what was witnessed of its document. Read as text: both directions are
 * in one file, and a frame of interest is one object.
 */
export async function nativeCallsIn(record: string): Promise<NativeCall[]> {
  const text = await readFile(record, 'latin1')
  const documents = new Map<string, { origin: string; topOrigin: string }>()
  const calls: NativeCall[] = []
  for (const [frame] of text.matchAll(/\{"type":"(?:document|ask)",.*?(?=[^ -~])/gs)) {
    const number = /"document":(\d+)/.exec(frame)?.[1] ?? ''
    const witnessed = /"origin":"([^"]*)","topOrigin":"([^"]*)"/.exec(frame)
    const url = /"url":"([^"]*)"/.exec(frame)?.[1]
    if (witnessed !== null) {
      documents.set(number, { origin: witnessed[1] ?? '', topOrigin: witnessed[2] ?? '' })
    } else if (url !== undefined) {
      const from = documents.get(number)
      if (from === undefined) throw new Error(`a call of a document nobody told of: \`${url}\``)
      calls.push({ url, ...from })
    }
  }
  return calls
}
