import type { Capability, Rule } from '../../shared/model/capability.ts'
import { DEFAULT_LIMITS } from '../../shared/presets/preset-to-service.ts'
import { Refusal } from '../refusal.ts'
import type { JaneeCapability } from './janee-file.ts'
import { allowRule, denyRule } from './janee-rules.ts'

/** Seconds of Janee's units of time. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const LONGEST_TTL = 366 * 86_400

/** A capability of ours, and what Janee would have allowed and it does not. */
export interface Translated {
  readonly capability: Capability
  readonly differences: readonly string[]
}

/**
 * A capability of Janee as one of ours that never allows more.
 *
 * @param service ours that it is for. @returns `cannot` where a denial of it would be lost.
 */
export function translateCapability(
  id: string,
  label: string,
  janee: JaneeCapability,
  service: { id: string; baseUrl: string },
): Translated | { cannot: string } {
  if (janee.mode === 'exec') return { cannot: 'it hands the key to programs, which no capability here does' }
  const base = (URL.parse(service.baseUrl)?.pathname ?? '').replace(/\/+$/, '')
  const differences: string[] = []
  const say = (difference: string | null) => {
    if (difference !== null) differences.push(difference)
  }
  try {
    const rules: Rule[] = [...deniedBy(janee, base), ...allowedBy(janee, base, say)]
    const ttl = ttlOf(janee.ttl, say)
    return {
      capability: {
        id,
        service: service.id,
        label,
        rules,
        body: [],
        models: null,
        limits: { ...DEFAULT_LIMITS, ttl },
      },
      differences: [...differences, ...whoMay(janee)],
    }
  } catch (error) {
    if (error instanceof Refusal) return { cannot: error.message }
    throw error
  }
}

function deniedBy({ rules }: JaneeCapability, base: string): Rule[] {
  return (rules?.deny ?? []).map((text) => ({ effect: 'deny', pattern: denyRule(text, base) }))
}

function allowedBy(janee: JaneeCapability, base: string, say: (difference: string) => void): Rule[] {
  const allow = janee.rules?.allow ?? []
  if (allow.length === 0) {
    const denied = (janee.rules?.deny ?? []).length
    say(
      denied === 0
        ? 'it has no rules: Janee allowed every call, this allows none until you add rules'
        : 'it only denies: Janee allowed every other call, this allows none until you add rules',
    )
  }
  // Janee stores both wishes; it never asked anybody. Here somebody is asked.
  const asks = janee.autoApprove === false || janee.requiresReason === true
  if (asks && allow.length > 0)
    say('Janee allowed it without asking, though it says that somebody must agree: here you are asked')
  const patterns = allow.flatMap((text) => {
    const { patterns: own, differs } = allowRule(text, base)
    if (differs !== null)
      say(own.length === 0 ? `\`${text}\` is left out: ${differs}` : `\`${text}\`: ${differs}`)
    return own
  })
  return [...new Set(patterns)].map((pattern) => ({ effect: asks ? 'ask' : 'allow', pattern }))
}

function ttlOf(ttl: JaneeCapability['ttl'], say: (difference: string) => void): number {
  const match = /^(\d{1,9})([smhd])?$/.exec(String(ttl ?? ''))
  const seconds = match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1)
  if (seconds >= 1 && seconds <= LONGEST_TTL) return seconds
  if (ttl !== undefined)
    say(`its time to live is none that is known here: a session lives ${DEFAULT_LIMITS.ttl / 3600} hours`)
  return DEFAULT_LIMITS.ttl
}

function whoMay({ allowedAgents, access }: JaneeCapability): string[] {
  const names = allowedAgents?.length ?? 0
  return names === 0 && access === undefined
    ? []
    : ['Janee let programs use it by the name they gave themselves: here you grant it to a site']
}
