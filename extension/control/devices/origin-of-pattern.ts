/** What a match pattern allows, for a person: the origin, or null for a pattern that allows more sites than one. */
export function originOfPattern(pattern: string): string | null {
  const parts = /^(https?):\/\/([^*/]+)\/\*$/.exec(pattern)
  return parts === null ? null : `${parts[1]}://${parts[2]}`
}
