import type { Plugin } from 'vite'

/** The texts of the default language. */
const TEXTS = /\/extension\/_locales\/en\/messages\.json$/

/**
 * Leaves the texts out of the scripts: an extension's pages have them from the browser (`i18n.getMessage`), in the reader's
 * language, and every page of ours would parse all of them a second time before it is drawn. What runs without a browser
 * (tests) has them from the file.
 */
export function browserTexts(): Plugin {
  return {
    name: 'browser-texts',
    enforce: 'pre',
    load(id) {
      return TEXTS.test(id) ? '{}' : null
    },
  }
}
