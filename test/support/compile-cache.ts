/** Environment variable that names the folder of this run of the tests for what Node and Firefox compiled. */
export const COMPILE_CACHE_FOLDER = 'VALETKEY_TEST_COMPILED'

/**
 * Environment of a program that is run from its source, again and again: Node keeps what it made of each file, by the file's
 * content (https://nodejs.org/api/module.html#module-compile-cache), and a start takes half of its time. Empty outside a run of
 * the tests.
 */
export function compileCache(): Record<string, string> {
  const folder = process.env[COMPILE_CACHE_FOLDER]
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder }
}
