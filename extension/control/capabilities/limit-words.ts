import type { EditableLimit } from '../../../shared/model/capability-bounds.ts'
import { bytesText } from '../../ui/bytes-text.ts'
import { durationText } from '../../ui/duration-text.ts'
import { moneyText, plainSpaces } from '../../ui/money-text.ts'
import { type MessageName, t, textLanguage } from '../../ui/strings.ts'

/** What a limit counts. */
type Unit = 'seconds' | 'bytes' | 'money' | 'count'

const LIMITS = {
  ttl: ['limitTtl', 'seconds'],
  idle: ['limitIdle', 'seconds'],
  ratePerMinute: ['limitRatePerMinute', 'count'],
  maxRequests: ['limitMaxRequests', 'count'],
  concurrent: ['limitConcurrent', 'count'],
  concurrentInAll: ['limitConcurrentInAll', 'count'],
  maxBytes: ['limitMaxBytes', 'bytes'],
  maxBytesUp: ['limitMaxBytesUp', 'bytes'],
  maxTokens: ['limitMaxTokens', 'count'],
  maxTokensPerCall: ['limitMaxTokensPerCall', 'count'],
  maxCost: ['limitMaxCost', 'money'],
} as const satisfies Record<EditableLimit, readonly [MessageName, Unit]>

/** In a field: so many of what is stored are one of what the owner types. */
const SIZES: Record<Unit, number> = { seconds: 60, bytes: 1_000_000, money: 1_000_000, count: 1 }
const FIELD_UNITS = {
  seconds: 'unitMinutes',
  bytes: 'unitMegabytes',
  money: 'unitMoney',
} as const satisfies Partial<Record<Unit, MessageName>>

/** What a limit is called. */
export function limitName(name: EditableLimit): string {
  return t(LIMITS[name][0])
}

/** What it is called at a field, with the unit to type it in. */
export function limitLabel(name: EditableLimit, currency: string): string {
  const unit: Unit = LIMITS[name][1]
  return unit === 'count' ? limitName(name) : t(FIELD_UNITS[unit], limitName(name), currency)
}

/** A limit, or what was used of it, in words. @param currency as the owner's prices name it. */
export function limitText(name: EditableLimit, value: number | null, currency: string): string {
  if (value === null) return t('noLimit')
  const unit = LIMITS[name][1]
  if (unit === 'seconds') return durationText(value, 'long')
  if (unit === 'bytes') return bytesText(value)
  if (unit === 'money') return plainSpaces(moneyText(value, currency))
  return new Intl.NumberFormat(textLanguage()).format(value)
}

/** A limit as it stands in its field; empty for none. */
export function limitField(name: EditableLimit, value: number | null): string {
  return value === null ? '' : String(value / SIZES[LIMITS[name][1]])
}

/** What was typed for a limit: null for no limit. Undefined: it is not one, or the limit that every session needs is missing. */
export function readLimit(name: EditableLimit, text: string): number | null | undefined {
  const plain = text.trim().replace(',', '.')
  if (plain === '') return name === 'ttl' ? undefined : null
  if (!/^\d{1,15}(\.\d{1,20})?$/.test(plain)) return undefined
  const value = Math.round(Number(plain) * SIZES[LIMITS[name][1]])
  return value >= 1 && Number.isSafeInteger(value) ? value : undefined
}
