import type { KeyShape, Preset } from '../../shared/model/preset.ts'
import { keyFindings, recogniseKey as shapesOf } from '../../shared/presets/recognise-key.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'
import type { Variable } from './env-file.ts'

/** Prefixes with which build tools put a variable into the page itself. */
const PUBLIC = /^(?:VITE|NEXT_PUBLIC|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC)_/
/** How names of keys end. */
const KEY_NAME = /_(?:KEY|TOKEN|SECRET|PAT|APIKEY|API_KEY_ID)$/
/** Names people give the key of a service that do not begin with its own name. */
const ALIASES: Readonly<Record<string, string>> = {
  GOOGLE_API_KEY: 'gemini',
  GOOGLE_GENERATIVE_AI_API_KEY: 'gemini',
  HF_TOKEN: 'huggingface',
  HUGGING_FACE_HUB_TOKEN: 'huggingface',
  HUGGINGFACEHUB_API_TOKEN: 'huggingface',
  GH_TOKEN: 'github',
  CLAUDE_API_KEY: 'anthropic',
}

/** What became of one variable: a key of a preset's, or why it is none that is taken. */
export type Recognised =
  | { readonly preset: Preset; readonly warning: string | null }
  /** `quiet`: nothing about it looks like a key, so that nobody need be told. */
  | { readonly leftOut: string; readonly quiet: boolean }

/**
 * Which service a variable holds the key of, by its name and by the look of its value. Both must agree where both say
 * something: a key must not go to a service it is not for.
 *
 * @param variables all of the file: one that names another address for the service is heard.
 */
export function recogniseKey(
  variable: Variable,
  variables: readonly Variable[],
  presets: readonly Preset[],
): Recognised {
  const { name, value, refers } = variable
  const named = presetOfName(name, presets)
  const [fit] = shapesOf(value, presets)
  const told = fit !== undefined && fit.shape.shared !== true ? fit.preset : null
  if (value === '') return leftOut('it is empty', !looksLikeKey(name))
  if (refers && (named !== null || looksLikeKey(name)))
    return leftOut('it refers to another variable or a command')
  const preset = named ?? told
  if (preset === null)
    return leftOut('no service of the catalogue is known by this name or this look', !looksLikeKey(name))
  if (named !== null && !KEY_NAME.test(name)) return leftOut('its name is not that of a key', told === null)
  if (named !== null && told !== null && named.id !== told.id)
    return leftOut(`its name says ${named.label}, its look says ${told.label}`)
  if (keyFindings(value, preset, presets)[0]?.kind === 'placeholder')
    return leftOut('it is a placeholder, no key')
  const shape = shapesOf(value, [preset])[0]?.shape
  if (preset.keys !== undefined && preset.keys.length > 0 && shape === undefined)
    return leftOut(`it does not look like a key of ${preset.label}`)
  if (shape === undefined && !maybeKey(value)) return leftOut('it does not look like a key')
  if (shape?.danger === 'wrong')
    return leftOut(shape.advice ?? `it is not the key that ${preset.label} wants`)
  const cannot = whyNot(preset) ?? elsewhere(name, preset, variables)
  if (cannot !== null) return leftOut(cannot)
  return { preset, warning: warningOf(name, shape) }
}

function leftOut(why: string, quiet = false): Recognised {
  return { leftOut: why, quiet }
}

/** For services whose keys have no look of their own: long, of one word, and not what examples of a `.env` file hold. */
function maybeKey(value: string): boolean {
  return (
    /^[\x21-\x7e]{16,}$/.test(value) &&
    !/your|change|replace|example|placeholder|xxxx|<|>|\.\.\./i.test(value)
  )
}

function looksLikeKey(name: string): boolean {
  return KEY_NAME.test(name) || /SECRET|PASSWORD|CREDENTIAL/.test(name)
}

/** The preset whose name the variable's begins with, the longest one. */
function presetOfName(full: string, presets: readonly Preset[]): Preset | null {
  const name = full.replace(PUBLIC, '')
  const alias = ALIASES[name]
  const begins = (id: string) => name.startsWith(`${id.toUpperCase().replaceAll('-', '_')}_`)
  const found = presets.filter(({ id }) => id === alias || begins(id))
  return found.sort((one, other) => other.id.length - one.id.length)[0] ?? null
}

/** Why a preset cannot be used with one key alone; null: it can. */
function whyNot(preset: Preset): string | null {
  if (preset.baseUrls.length === 0)
    return `${preset.label} needs an address of yours: add it with \`valetkey service add\``
  if ((preset.values ?? []).length > 0 || mainNames(preset).length !== 1)
    return `${preset.label} needs more than a key: add it with \`valetkey service add\``
  return null
}

/** The secret of a preset that needs one; the first of each scheme, as for `--secret-stdin`. */
function mainNames(preset: Preset): string[] {
  const all = secretNames(preset.auth)
  const main = new Set(preset.auth.flatMap((scheme) => secretNames([scheme]).slice(0, 1)))
  return all.every((each) => main.has(each)) ? ['main'] : all
}

// SECURITY: a key for a server of one's own must not be sent to the service whose API it imitates.
function elsewhere(name: string, preset: Preset, variables: readonly Variable[]): string | null {
  const stem = name.replace(/_(?:API_)?(?:KEY|TOKEN|SECRET|PAT|APIKEY)$/, '')
  const address = variables.find(
    (each) =>
      each.name.startsWith(`${stem}_`) &&
      /_(?:BASE_URL|API_BASE|BASE|ENDPOINT|API_URL|URL|HOST)$/.test(each.name),
  )
  if (address === undefined || address.value === '') return null
  const origin = URL.parse(address.value)?.origin
  const isOwn = preset.baseUrls.some((url) => URL.parse(url)?.origin === origin)
  return isOwn
    ? null
    : `\`${address.name}\` names another address for it: add it with \`valetkey service add --base-url\``
}

function warningOf(name: string, shape: KeyShape | undefined): string | null {
  const warnings = [
    PUBLIC.test(name)
      ? 'a variable of this name is built into the page: the key may be public already, make a new one'
      : null,
    shape?.danger === undefined ? null : (shape.advice ?? `it is its kind of key: ${shape.name}`),
  ].filter((each) => each !== null)
  return warnings.length === 0 ? null : warnings.join('; ')
}
