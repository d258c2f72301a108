/** How deep a record is looked into, and most values of one: what a page nests deeper is no setting. */
const DEEPEST = 8
const MOST_VALUES = 2000

/** A text of a record. */
export interface RecordText {
  text: string
  /** Puts another text in its place; null where it is no value of a plain object. */
  put: ((text: string) => void) | null
}

/** The texts of a record in plain objects and lists. `whole` false: it has more of them than is looked through. */
export function textsOfRecord(record: unknown): { texts: RecordText[]; whole: boolean } {
  const texts: RecordText[] = []
  let left = MOST_VALUES
  const walk = (value: unknown, depth: number, put: RecordText['put']): boolean => {
    left -= 1
    if (left < 0 || depth > DEEPEST) return false
    if (typeof value === 'string') texts.push({ text: value, put })
    if (Array.isArray(value)) return value.every((each) => walk(each, depth + 1, null))
    if (!isPlain(value)) return true
    return Object.keys(value).every((name) =>
      walk(value[name], depth + 1, (text) => {
        value[name] = text
      }),
    )
  }
  return { whole: walk(record, 0, null), texts }
}

/** A copy that came out of a database: of the page's own realm in Firefox, so that no prototype of ours tells. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}
