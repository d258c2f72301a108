import english from '../_locales/en/messages.json' with { type: 'json' }
import { spelled } from './text-pieces.ts'

/** None in the extension itself, which has them from the browser: the build leaves them out of the scripts. */
const WITHOUT_BROWSER: { readonly [Name in MessageName]?: { readonly message: string } } = english

/** Names of the texts in `_locales/en/messages.json`, which holds all of them. */
export type MessageName = keyof typeof english

/**
 * A value as it may stand in a sentence.
 *
 * SECURITY: an import's or a page's name inside a sentence of ours must not reorder it: "Remove <name>" stays that.
 */
export function visible(value: string | number): string {
  return String(value).replace(/\p{Bidi_Control}/gu, spelled)
}

/** What `Intl` takes without throwing; a browser started without a locale may call its language `en-US@posix`. */
const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

/**
 * A text in the user's language; the English one where the browser has none.
 *
 * @param values take the place of `$1`, `$2`, … Plain text: nothing in them is markup, and marks that would turn the
 * sentence around them are written out.
 */
export function t(name: MessageName, ...values: (string | number)[]): string {
  const texts = values.map(visible)
  const translated = globalThis.chrome?.i18n?.getMessage(name, texts)
  return translated || fill(WITHOUT_BROWSER[name]?.message ?? name, texts)
}

/** The text for a count: `<name>One` or `<name>Other`, with the count as its first value. */
export function counted(name: CountedName, count: number): string {
  const language = textLanguage()
  const plural = new Intl.PluralRules(language).select(count) === 'one' ? 'One' : 'Other'
  return t(`${name}${plural}`, new Intl.NumberFormat(language).format(count))
}

/**
 * The language of the texts, as a BCP 47 tag for `Intl`: numbers and dates inside a German sentence are German even
 * where the system is not. With the browser's own region (`de-AT`, `en-GB`) where the browser speaks that language.
 */
export function textLanguage(): string {
  const texts = t('languageTag')
  const browsers = globalThis.chrome?.i18n?.getUILanguage?.() ?? texts
  return browsers.startsWith(`${texts}-`) && LANGUAGE_TAG.test(browsers) ? browsers : texts
}

/** Names that have a text for one and a text for more. */
export type CountedName = MessageName extends infer Name
  ? Name extends `${infer Stem}One`
    ? Stem
    : never
  : never

function fill(message: string, texts: readonly string[]): string {
  return message.replace(/\$(\d)/g, (_, digit: string) => texts[Number(digit) - 1] ?? '')
}
