import type { Sender } from '../../shared/protocol/call-frames.ts'

/**
 * The value of `accept-language` (RFC 9110 section 12.5.4) that a browser makes of its `navigator.languages`: each further one
 * weighs a tenth less, the last ones a tenth. Firefox sends the list as it is. Chromium puts a language without its region
 * behind the last of its kind in a row, unless it was there (`ExpandLanguageList` in its `net/http/http_util.cc`). Both
 * measured, in Chromium 156 and Firefox 153; older versions of Firefox weigh in other steps.
 *
 * @returns empty for an empty list.
 */
export function acceptLanguage({ languages, isGecko }: Pick<Sender, 'languages' | 'isGecko'>): string {
  const named = languages.split(',').filter((language) => language !== '')
  const listed = isGecko ? named : withBases(named)
  return listed
    .map((language, at) => (at === 0 ? language : `${language};q=0.${Math.max(10 - at, 1)}`))
    .join()
}

function withBases(languages: readonly string[]): string[] {
  const all = new Set<string>()
  for (const [at, language] of languages.entries()) {
    all.add(language)
    const base = baseOf(language)
    // What begins with `x` or `i` names no language by that (RFC 5646 section 2.2).
    if (base !== baseOf(languages[at + 1] ?? '') && base !== 'x' && base !== 'i') all.add(base)
  }
  return [...all]
}

const baseOf = (language: string): string => language.split('-', 1)[0] ?? ''
