/** The rooms of the control room, in the order of its menu. `welcome` is the first run and has no place there. */
export const ROOMS = ['services', 'sites', 'budgets', 'activity', 'vault'] as const
export type Room = (typeof ROOMS)[number] | 'welcome'

/** The room an address names after its `#`; the first where it names none. */
export function roomOf(hash: string): Room {
  const name = hash.replace(/^#/, '')
  if (name === 'welcome') return name
  return ROOMS.find((room) => room === name) ?? 'services'
}
