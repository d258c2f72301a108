/** An object that is being read, with the names of its members so far; null: a list. */
type Open = Set<string> | null

/**
 * True where an object of a JSON text has two members of the same name, however it is written. In one pass.
 *
 * @param text that `JSON.parse` takes; of any other nothing is promised.
 */
export function hasMemberTwice(text: string): boolean {
  const open: Open[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(null)
    else if (character === '}' || character === ']') open.pop()
    if (character !== '"') continue
    const end = endOfString(text, at)
    const names = open.at(-1)
    if (isName(text, end) && names instanceof Set) {
      const name: string = JSON.parse(text.slice(at, end))
      if (names.has(name)) return true
      names.add(name)
    }
    at = end - 1
  }
  return false
}

/** Where a string ends that begins here, its last quote included. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function isName(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text[at] ?? '-')) at += 1
  return text[at] === ':'
}
