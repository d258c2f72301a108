import type { Plugin } from 'vite'

/** What the page's script calls the function it is, and that function's one argument. */
const NAMED = '(function valetKeySource(valetKeySetting){'

/**
 * Gives the one function that a bundled script is a name and an argument. The page's script starts workers with its own
 * text, which it has by that name: a second copy of it in the bundle would double what every page loads.
 *
 * @throws where the bundle is not one function that is called at once.
 */
export function ownSource(): Plugin {
  return {
    name: 'own-source',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        const code = chunk.code.trim().replace(/^\(function\(\)\s*\{/, NAMED)
        if (!code.startsWith(NAMED) || !/\}\)\(\);?$/.test(code)) {
          throw new Error(`${chunk.fileName} is not one function: ${chunk.code.slice(0, 60)}`)
        }
        chunk.code = `${code}\n`
      }
    },
  }
}
