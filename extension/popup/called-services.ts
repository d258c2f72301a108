import type { Catalogue } from '../ui/catalogue.ts'

/**
 * The names of the services at some origins.
 *
 * @param given those that the site was given: what it called there before that is over.
 */
export function calledServices(
  presets: Catalogue,
  called: readonly string[],
  given: ReadonlySet<string>,
): string[] {
  const isCalled = (url: string) => called.includes(URL.parse(url)?.origin ?? '')
  const those = presets.filter(({ id, baseUrls }) => !given.has(id) && baseUrls.some(isCalled))
  return [...new Set(those.map(({ label }) => label))]
}
