import { LONGEST_MS, openDatabases } from './databases.ts'
import { begin, eachRecord, Room } from './each-record.ts'
import type { HeldText } from './held-texts.ts'

/** The texts in the databases of this origin, read only and as many as may be looked through. `whole` false: there are more. */
export async function indexedTexts(): Promise<{ texts: HeldText[]; whole: boolean }> {
  const until = AbortSignal.timeout(LONGEST_MS)
  const texts: HeldText[] = []
  const room = new Room()
  const opened = await openDatabases(until)
  let { whole } = opened
  for (const { database, stores } of opened.databases) {
    for (const store of stores) {
      const place = { kind: 'indexed' as const, name: `${database.name} / ${store}` }
      const reading = begin(database, [store], 'readonly')
      const isWhole = await eachRecord(
        reading,
        store,
        (found) => texts.push(...found.map(({ text }) => ({ place, text }))),
        room,
        until,
      )
      whole &&= isWhole
    }
    database.close()
  }
  return { texts, whole }
}
