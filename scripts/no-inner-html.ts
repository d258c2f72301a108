import type { Plugin } from 'vite'

/** Where preact sets HTML from a text (`dangerouslySetInnerHTML`), as its minified module writes it. */
const SETTER = /\(\w+\.innerHTML=\w+\.__html\)/g

/**
 * Takes the one line out of preact that makes HTML from a text. No page of ours does that, none may, and reviewers of
 * extensions look for it: without it the extension has no such line at all.
 *
 * @throws where preact has another number of such lines than one.
 */
export function noInnerHtml(): Plugin {
  return {
    name: 'no-inner-html',
    transform(code, id) {
      if (!/\/preact\/dist\/preact\.m?js$/.test(id)) return null
      const found = code.match(SETTER)?.length ?? 0
      if (found !== 1) throw new Error(`preact sets HTML in ${found} places, not in one`)
      return { code: code.replace(SETTER, '0'), map: null }
    },
  }
}
