import type { Said } from '../../shared/model/said.ts'
import type { VaultState } from '../../shared/protocol/native-frames.ts'
import type { HostState, OwnerFrameToPage, OwnerState } from '../../shared/protocol/owner-port.ts'

type Fields = Record<string, unknown>

const HOSTS: Record<HostState, true> = {
  connecting: true,
  connected: true,
  missing: true,
  forbidden: true,
  mismatch: true,
  exited: true,
}
const VAULTS: Record<VaultState, true> = { missing: true, locked: true, unlocked: true }

const isText = (value: unknown): value is string => typeof value === 'string'
const isOneOf = (words: object, value: unknown): boolean => isText(value) && Object.hasOwn(words, value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value)

/** The check of each of a state's fields. */
const STATE: Record<keyof OwnerState, (value: unknown) => boolean> = {
  host: (value) => isOneOf(HOSTS, value),
  hostVersion: (value) => value === null || isText(value),
  hostProtocol: (value) => value === null || isCount(value),
  vault: (value) => value === null || isOneOf(VAULTS, value),
  live: isCount,
  inFlight: isCount,
  approvals: isCount,
  paused: (value) => typeof value === 'boolean',
}

/**
 * A frame from background/, checked by hand to the letter of `OwnerFrameToPageSchema`: to read, build and run the schemas took
 * a page of ours longer than all it draws at first. Null for everything else.
 */
export function readOwnerFrame(message: unknown): OwnerFrameToPage | null {
  if (!isRecord(message)) return null
  const names = Object.keys(message)
  if (names.length === 1 && (message.changed === true || message.changed === 'traffic'))
    return { changed: message.changed }
  if (names.length === 1 && isRecord(message.state)) return readState(message.state)
  if (names.length !== 2 || !isId(message.id)) return null
  const { id, refusal } = message
  if (Object.hasOwn(message, 'value')) return { id, value: message.value }
  return isRefusal(refusal) ? { id, refusal } : null
}

function readState(state: Fields): { state: OwnerState } | null {
  const checks = Object.entries(STATE)
  if (!checks.every(([name, isGood]) => isGood(state[name]))) return null
  // SECURITY: what a page of another version knows nothing of, nobody has checked: it goes no further.
  return { state: Object.fromEntries(checks.map(([name]) => [name, state[name]])) as unknown as OwnerState }
}

function isRefusal(value: unknown): value is { code: string; message: string; said?: Said } {
  if (!isRecord(value) || !isText(value.code) || !isText(value.message)) return false
  const hasSaid = Object.hasOwn(value, 'said')
  if (Object.keys(value).length !== (hasSaid ? 3 : 2)) return false
  return !hasSaid || value.said === undefined || isSaid(value.said)
}

function isSaid(value: unknown): value is Said {
  if (!isRecord(value) || Object.keys(value).length !== 2) return false
  const { text, values } = value
  return isText(text) && Array.isArray(values) && values.every((each) => isText(each) || isSaid(each))
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
