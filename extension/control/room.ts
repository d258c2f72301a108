/** The rooms of the control room, in the order of its menu. `welcome` is the first run and has no place there. */
export const ROOMS = [
  'services',
  'capabilities',
  'sites',
  'budgets',
  'activity',
  'devices',
  'vault',
  'settings',
] as const
export type Room = (typeof ROOMS)[number] | 'welcome'

/** The room an address names after its `#`; the first where it names none. */
export function roomOf(hash: string): Room {
  const [name = ''] = hash.replace(/^#/, '').split('/')
  if (name === 'welcome') return name
  return ROOMS.find((room) => room === name) ?? 'services'
}

/** What an address names inside its room, after a slash; null for the room as a whole. */
export function subjectOf(hash: string): string | null {
  return hash.split('/')[1] || null
}

/** The address of one capability. */
export function capabilityHash(id: string): string {
  return `#capabilities/${id}`
}

/** What stands in the place of a capability's id for one that is to be made from a document: no id begins so. */
export const FROM_OPENAPI = '+openapi'

/** The address of the screen that makes a capability from an OpenAPI document. */
export const OPENAPI_HASH = `#capabilities/${FROM_OPENAPI}`
