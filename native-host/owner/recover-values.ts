import type { PresetValue } from '../../shared/model/preset.ts'

/**
 * What the owner once said of a preset's values, read off what was made with them.
 *
 * @param written parts of the preset, with `{id}` where a value belongs. @param stored what was made of them.
 * @returns by the ids of the values; one that nothing shows, or of which it shows several, is left out.
 */
export function recoverValues(
  needed: readonly PresetValue[],
  written: unknown,
  stored: unknown,
): Record<string, string> {
  const [templates, texts] = [textsIn(written), textsIn(stored)]
  const found = needed.flatMap((value) => {
    const ways = templates.filter((text) => text.includes(`{${value.id}}`)).map((text) => wayOf(text, value))
    const values = new Set(ways.flatMap((way) => texts.flatMap((text) => way.exec(text)?.[1] ?? [])))
    const [only] = values
    return values.size === 1 && only !== undefined ? [[value.id, only]] : []
  })
  return Object.fromEntries(found)
}

/** What a text of the preset looks like once it is filled in and placed below a base URL. */
function wayOf(template: string, value: PresetValue): RegExp {
  const [path, start] = template.includes(' ')
    ? [template.slice(template.indexOf(' ') + 1), '']
    : [template, '^']
  const [before = '', ...after] = path.split(`{${value.id}}`).map(loosely)
  const rest = after.join(`\\1`)
  return new RegExp(`${start}${before}(${value.shape})${rest}$`, 'u')
}

/** As it stands, but for other values of the preset. */
function loosely(text: string): string {
  return text
    .split(/\{[^{}]*\}/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('[^/]+')
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
