import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { cleanKey, type LeftOut } from '../../shared/presets/clean-key.ts'
import { type KeyFinding, keyFindings } from '../../shared/presets/recognise-key.ts'
import { textOf } from '../auth/secret-text.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { UsageError } from './usage-error.ts'

const LEFT_OUT: Readonly<Record<LeftOut, string>> = {
  space: 'white space around it',
  quotes: 'quotes around it',
  name: 'the name it was assigned to',
  scheme: 'the word `Bearer` before it',
}

/**
 * Look at the keys for a service of the catalogue before they are stored: what people paste along with a key is left out,
 * and what its shape tells is said. Secrets of several lines, with white space at an end, and what is no text, are left
 * alone.
 *
 * @param note told each remark, which holds nothing of the key.
 * @returns the keys to store. @throws UsageError for the placeholder that pages get in place of a key.
 */
export function lookAtKeys<T extends Uint8Array | PackedReference>(
  secrets: ReadonlyMap<string, T>,
  preset: Preset,
  note: (remark: string) => void,
): Map<string, T | Uint8Array> {
  const said = new Set<string>()
  const looked = [...secrets].map(([name, bytes]): [string, T | Uint8Array] => {
    // Of one that lives elsewhere there is nothing to look at yet.
    if (bytes instanceof PackedReference) return [name, bytes]
    const text = textOf(bytes)
    // White space at an end is a slip of the paste that the host refuses; several lines are no key but a document.
    if (text === null || text.trim() !== text || text.includes('\n')) return [name, bytes]
    const { key, leftOut } = cleanKey(text)
    for (const what of leftOut) said.add(`Left out of secret \`${name}\`: ${LEFT_OUT[what]}.`)
    for (const finding of keyFindings(key, preset, PRESETS)) {
      const remark = remarkOn(finding, preset)
      if (remark !== null) said.add(remark)
    }
    return [name, leftOut.length === 0 ? bytes : new TextEncoder().encode(key)]
  })
  for (const remark of said) note(remark)
  return new Map(looked)
}

function remarkOn(finding: KeyFinding, chosen: Preset): string | null {
  switch (finding.kind) {
    case 'placeholder':
      throw new UsageError('this is the placeholder that pages get: the key itself is wanted')
    case 'known':
      return null
    case 'unlike':
      return `Warning: it does not look like a key of ${chosen.label} (${finding.hint}). Is it whole?`
    case 'other':
      return `Warning: its shape is that of ${finding.preset.label} (${finding.shape.name}), and it is stored for ${chosen.label}.`
    case 'danger':
      return `Warning: ${finding.shape.name} of ${finding.preset.label}. ${finding.shape.advice ?? ''}`.trimEnd()
  }
}
