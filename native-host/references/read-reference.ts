import { isAbsolute } from 'node:path'
import { type Reference, type ReferenceKind, ReferenceSchema } from '../../shared/model/reference.ts'
import { type Sentence, say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { ReferenceFault } from './fault.ts'
import { checkProgram, findProgram } from './find-program.ts'
import { checkKv2 } from './kv2-server.ts'

const KINDS: readonly ReferenceKind[] = ['command', 'keychain', 'file', 'vault-kv2']

/** How a reference is written, for whoever wrote it otherwise. */
const FORMS =
  '`command:["/usr/bin/pass","show","NAME"]`, `file:/PATH`, `keychain:SERVICE/ACCOUNT`, ' +
  '`vault-kv2:{"address":…,"path":…,"field":…,"token":…}`, or any kind with a JSON object of its settings'

/**
 * A reference as the owner writes it: the kind, a colon, and its settings as a JSON object or in the kind's short form. A
 * program that was named without a folder gets the absolute path it is found at.
 *
 * @throws Refusal `invalid` with what is wrong. SECURITY: never with the text: it may be a key in the wrong place.
 */
export function readReference(text: string): Reference {
  const kind = KINDS.find((each) => text.startsWith(`${each}:`))
  if (kind === undefined) throw invalid(say`a reference is one of ${FORMS}`)
  const parsed = ReferenceSchema.safeParse({ ...settingsOf(kind, text.slice(kind.length + 1)), kind })
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.map(String).join('.') ?? ''
    throw invalid(say`a reference of kind \`${kind}\` is not valid${at === '' ? '' : ` at \`${at}\``}`)
  }
  return settled(parsed.data)
}

function settingsOf(kind: ReferenceKind, rest: string): object {
  const isJson = /^\s*[{[]/.test(rest)
  const value = isJson ? jsonOf(kind, rest) : shortForm(kind, rest)
  return Array.isArray(value) ? { argv: value } : value
}

function jsonOf(kind: ReferenceKind, text: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    throw invalid(say`what follows \`${kind}:\` begins like JSON and is none`)
  }
}

function shortForm(kind: ReferenceKind, rest: string): object {
  if (kind === 'file') return { path: rest }
  const at = rest.indexOf('/')
  if (kind === 'keychain' && at > 0) return { service: rest.slice(0, at), account: rest.slice(at + 1) }
  throw invalid(say`a reference is one of ${FORMS}`)
}

/** The reference as it is to be stored. @throws Refusal `invalid` where it could never be fetched safely. */
function settled(reference: Reference): Reference {
  switch (reference.kind) {
    case 'command':
      return { ...reference, argv: settledArguments(reference.argv) }
    case 'vault-kv2':
      checkKv2(reference)
      if ('file' in reference.token) checkAbsolute(reference.token.file)
      return reference
    case 'file':
      checkAbsolute(reference.path)
      return reference
    default:
      return reference
  }
}

function settledArguments([name = '', ...rest]: readonly string[]): string[] {
  try {
    const path = findProgram(name)
    checkProgram(path)
    return [path, ...rest]
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error
    throw invalid(say`${error.message.replace(/\.$/, '')} (${error.reason})`)
  }
}

function checkAbsolute(path: string): void {
  if (!isAbsolute(path)) throw invalid('the path of a file with a key is absolute, as in `file:/home/me/key`')
}

function invalid(message: Sentence): Refusal {
  return new Refusal('invalid', message)
}
