import type { Plugin } from 'vite'

/** Where the background names the modules that run when they are first asked for. */
const FILE = '/extension/background/late.ts'
const IMPORT = /^import \* as (?<name>\w+) from '(?<from>\.\/[\w-]+\.ts)'\n/gm

/**
 * Makes each module that `late.ts` imports run at the first call of the function that returns it. A service worker may not load
 * anything later (`import()` is refused there), but it may run later what it has loaded: a module that is required is that.
 *
 * @throws where a module is imported there in another form, or is not returned by a function.
 */
export function lateModules(): Plugin {
  return {
    name: 'late-modules',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(FILE)) return null
      let late = code.replace(IMPORT, '')
      if (/^import\b/m.test(late)) throw new Error(`${FILE}: an import of another form`)
      for (const { groups = {} } of code.matchAll(IMPORT)) {
        const { name = '', from = '' } = groups
        const before = late
        late = late.replace(new RegExp(`=> ${name}$`, 'm'), `=> require('${from}')`)
        if (late === before) throw new Error(`${FILE}: nothing returns ${name}`)
      }
      return { code: late, map: null }
    },
  }
}
