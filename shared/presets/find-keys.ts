import type { KeyMark } from '../protocol/page-keys.ts'
import { MAX_KEY } from './clean-key.ts'
import { isPlaceholder } from './recognise-key.ts'

/** Headers that services take keys in, by what is in their names. */
export const KEYED = /auth|key|token/i

/** A key in a text, and what it is. */
export interface TextKey {
  key: string
  mark: KeyMark
}

/** Characters that keys are made of: next to one of them a key has not begun, or not ended. */
const INSIDE = '[A-Za-z0-9_-]'

/** Looks for keys with these marks. */
export type KeyFinder = (text: string) => TextKey[]

/** A finder of keys. Where a key has several marks, it has the one with the longest beginning. */
export function finderOf(marks: readonly KeyMark[]): KeyFinder {
  const patterns = marks.map((mark) => ({
    mark,
    pattern: new RegExp(`${whole(mark.prefix)[0]}(?:${mark.rest})(?!${INSIDE})`, 'g'),
  }))
  return (text) => {
    const found = new Map<string, KeyMark>()
    for (const { mark, pattern } of patterns) {
      // Most texts hold none: this is much quicker.
      if (!text.includes(mark.prefix)) continue
      for (const [key] of text.matchAll(pattern)) {
        const known = found.get(key)?.prefix.length ?? 0
        if (isKey(key, mark) && mark.prefix.length > known) found.set(key, mark)
      }
    }
    return [...found].map(([key, mark]) => ({ key, mark }))
  }
}

/** The text with a placeholder where the key stands whole, and nothing else of it touched. */
export function withoutKey(text: string, key: string, placeholder: string): string {
  const [begin, end] = whole(key)
  return text.replace(new RegExp(begin + end, 'g'), () => placeholder)
}

/** An exact text at its beginning, and what must follow it. */
function whole(text: string): [begin: string, end: string] {
  return [`(?<!${INSIDE})${text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`, `(?!${INSIDE})`]
}

/** Not a name such as `re_render_after_the_first_paint`, and not what stands in the place of a key. */
function isKey(key: string, { prefix }: KeyMark): boolean {
  const rest = key.slice(prefix.length)
  const isRandom = /\d/.test(rest) || (/[a-z]/.test(rest) && /[A-Z]/.test(rest))
  return isRandom && key.length <= MAX_KEY && !isPlaceholder(key)
}
