import { UsageError } from './usage-error.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}
const PER_MINUTE: Readonly<Record<string, number>> = { s: 60, min: 1, m: 1, h: 1 / 60 }

/** `45s`, `30m`, `8h`, `7d` or plain seconds, as seconds. @throws UsageError. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text)
  if (match === null) throw new UsageError(`\`${text}\` is not a duration such as \`8h\`, \`30m\` or \`7d\``)
  const seconds = Number(match[1]) * (UNIT_SECONDS[match[2] || 's'] ?? 1)
  if (seconds < 1 || seconds > 366 * 86_400) {
    throw new UsageError(`a duration lies between one second and 366 days, not \`${text}\``)
  }
  return seconds
}

/** A whole number from 1. @throws UsageError. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`\`${text}\` is not a whole number from 1`)
  return Number(text)
}

/** Bytes: `1000000`, `10MB`, `1GiB`. @throws UsageError. */
export function parseBytes(text: string): number {
  const match = /^([1-9]\d{0,14})(kB|MB|GB|KiB|MiB|GiB)?$/.exec(text)
  const bytes = match === null ? Number.NaN : Number(match[1]) * (UNIT_BYTES[match[2] ?? ''] ?? 1)
  if (!Number.isSafeInteger(bytes)) throw new UsageError(`\`${text}\` is not a size such as \`10MB\``)
  return bytes
}

/** `60/min`, `2/s` or `600/h` as calls per minute. @throws UsageError where that is no whole number. */
export function parseRate(text: string): number {
  const match = /^([1-9]\d{0,8})\/(s|min|m|h)$/.exec(text)
  const rate = match === null ? Number.NaN : Number(match[1]) * (PER_MINUTE[match[2] ?? ''] ?? 1)
  if (!Number.isInteger(rate)) throw new UsageError(`\`${text}\` is not a rate such as \`60/min\``)
  return rate
}

/** The owner's explicit word that there is to be no such thing. Not null: commander makes an empty text of that. */
export const NONE = 'none'
/** A value that was typed, or that word. */
export type OrNone<T> = T | typeof NONE

/** The same with `none` for the owner's explicit "no limit of this kind". */
export function orNone<T>(parse: (text: string) => T): (text: string) => OrNone<T> {
  return (text) => (text === NONE ? NONE : parse(text))
}

/** What was typed; null for `none`. */
export function typed<T>(value: OrNone<T>): T | null {
  return value === NONE ? null : value
}

/** Collects a repeated option in the order it was typed. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}
