import { readdirSync, readFileSync } from 'node:fs'

const ROOT = new URL('../../', import.meta.url)

/** What a sentence is given to, before a text in single quotes. */
const GIVEN_TO =
  /(?:new Refusal\(\s*(?:'[a-z-]+'|code),\s*|(?:CommandRefusal|OwnerRefusal)\(\s*'[a-z-]+',\s*|\b(?:invalid|notOne|said)\(\s*|\bInvalidPattern\(text,\s*|\b(?:good|notable|broken)\(\s*'[\w:]+',\s*|message: )'((?:[^'\\\n]|\\.)*)'/g

/** Sentences for the owner that a folder’s sources hold, by the source’s path in it. Their values are `$1`, `$2`, … */
export function sentencesBelow(folder: string): Map<string, string[]> {
  const files = readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => file.endsWith('.ts')).sort()
  return new Map(
    sources.map((file) => [file, sentencesIn(readFileSync(new URL(`${folder}/${file}`, ROOT), 'utf8'))]),
  )
}

/** The same of one source’s text: what is tagged with `say`, and plain texts in the places where sentences go. */
export function sentencesIn(source: string): string[] {
  const tagged = [...source.matchAll(/\bsay`/g)].map(({ index }) => templateAt(source, index + 'say`'.length))
  const plain = [...source.matchAll(GIVEN_TO)].map(([, text = '']) => text.replaceAll("\\'", "'"))
  return [...tagged, ...plain].filter((text) => text.includes(' '))
}

/** A template literal as `say` makes it its text; `at` is behind its first backtick. */
function templateAt(source: string, at: number): string {
  let text = ''
  let values = 0
  for (let place = at; source[place] !== '`'; place += 1) {
    if (place >= source.length) throw new Error('a template does not end')
    if (source.startsWith('${', place)) {
      place = endOfValue(source, place + 1)
      values += 1
      text += `$${values}`
    } else {
      if (source[place] === '\\') place += 1
      text += source[place]
    }
  }
  return text
}

/** Where the brace that opens at `at` closes again. */
function endOfValue(source: string, at: number): number {
  let depth = 0
  for (let place = at; place < source.length; place += 1) {
    if (source[place] === '{') depth += 1
    if (source[place] === '}') depth -= 1
    if (depth === 0) return place
  }
  throw new Error('a value does not end')
}
