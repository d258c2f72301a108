import { readFileSync } from 'node:fs'

type Texts = Record<string, { message: string }>

const textsOf = (language: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../extension/_locales/${language}/messages.json`, import.meta.url), 'utf8'),
  ) as Texts

const ENGLISH = Object.entries(textsOf('en'))

/**
 * What the interface says in a language where it says this in English: whole texts first, then those that begin with it.
 * Text that is none of the interface's own stays as it is, as do names of services.
 */
export function saidIn(language: string, text: string): string {
  if (language === 'en') return text
  const [name] =
    ENGLISH.find(([, { message }]) => message === text) ??
    ENGLISH.find(([, { message }]) => message.startsWith(text)) ??
    []
  const said = name === undefined ? undefined : textsOf(language)[name]?.message
  return said?.split('$')[0] ?? text
}
