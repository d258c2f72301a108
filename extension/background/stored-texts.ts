/** The texts of a list that was stored; none where what is stored is anything else. */
export function textsIn(stored: unknown): string[] {
  if (!Array.isArray(stored)) return []
  const list: readonly unknown[] = stored
  return list.every((each) => typeof each === 'string') ? [...list] : []
}
