/**
 * A name for a new service that is not taken: the preset's own, else with the next number.
 *
 * @param taken names of the services there are.
 */
export function freeName(preset: string, taken: readonly string[]): string {
  if (!taken.includes(preset)) return preset
  let number = 2
  while (taken.includes(`${preset}-${number}`)) number += 1
  return `${preset}-${number}`
}

/** Names the owner typed, one a line or parted by commas, each once. */
export function namedModels(text: string): string[] {
  const names = text.split(/[\n,]/).map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}
