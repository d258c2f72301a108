import { Refusal } from '../refusal.ts'
import type { ImportFormat } from './import-plan.ts'

/** Largest file that is read, bytes: the largest published OpenAPI description has 13 million. */
export const MAX_IMPORT = 32 * 1024 * 1024

/** Members at the top of a document that tell what it is, in JSON or at the beginning of a line of YAML. */
const OPENAPI = /^(?:["']?)(?:openapi|swagger)["']?\s*:/m
const JANEE = /^["']?(?:services|capabilities)["']?\s*:/m
// Blanks, never line ends: read across lines, and again from each line on, a file of empty lines would take minutes.
const ENV = /^[ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]*[ \t]*=/m

/**
 * What kind of file a text is, by what stands in it and not by its name.
 *
 * @throws Refusal `invalid` for anything else.
 */
export function recognise(text: string): ImportFormat {
  const trimmed = text.trimStart()
  if (trimmed.startsWith('{')) return recogniseJson(trimmed)
  if (OPENAPI.test(text)) return 'openapi'
  if (JANEE.test(text)) return 'janee'
  if (ENV.test(text)) return 'env'
  throw unknown()
}

function recogniseJson(text: string): ImportFormat {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'the file begins like JSON and cannot be read as such')
  }
  const has = (name: string) => Object.hasOwn(value as object, name)
  if (has('openapi') || has('swagger')) return 'openapi'
  if (has('services') || has('capabilities')) return 'janee'
  if (has('masterKey') && has('secrets'))
    throw new Refusal(
      'invalid',
      'this is the credentials file of Janee: import its `config.yaml`, which lies beside it',
    )
  throw unknown()
}

function unknown(): Refusal {
  return new Refusal(
    'invalid',
    'this is no file that can be imported: a backup of a vault, a `.env` file, a Janee configuration or an OpenAPI document',
  )
}

/** The text of a file. @throws Refusal `invalid` where it is no UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('invalid', 'the file is not UTF-8 text')
  }
}
