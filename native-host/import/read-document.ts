import { parseDocument } from 'yaml'
import { said, say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { hasMemberTwice } from './member-twice.ts'

/** How often one document may point back to its anchors: a small file must not become a large one. */
const MOST_ALIASES = 100

/**
 * Read JSON or YAML 1.2 (core schema): plain values, no tags of programs, no key twice.
 *
 * @throws Refusal `invalid` with the line; the text itself, which may hold a key, is not repeated.
 */
export function readDocument(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? readJson(text) : readYaml(text)
  } catch (error) {
    if (error instanceof Refusal) throw error
    // SECURITY: the error of a parser quotes the text around the fault.
    throw new Refusal('invalid', 'the file is neither JSON nor YAML that can be read')
  }
}

function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // SECURITY: which of the two holds is each reader's own choice, so the owner may have read the other one.
  if (hasMemberTwice(text)) throw new Refusal('invalid', 'the file has the same member twice in one object')
  return value
}

function readYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    resolveKnownTags: false,
    logLevel: 'silent',
  })
  const fault = [...document.errors, ...document.warnings][0]
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line
    const plain = 'the file is not YAML that can be read'
    throw new Refusal('invalid', line === undefined ? plain : say`${said(plain)} (line ${line})`)
  }
  return document.toJS({ maxAliasCount: MOST_ALIASES })
}

/** The members of an object; null for anything else. */
export function membersOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
