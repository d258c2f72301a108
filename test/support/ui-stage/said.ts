import { readFileSync } from 'node:fs'
import type { Page } from 'puppeteer-core'
import type { Texts } from './stand-in-browser.ts'

/** All texts of a language, one of the folders in `_locales`. */
export function textsOf(language: string): Texts {
  const file = new URL(`../../../extension/_locales/${language}/messages.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Texts
}

const ENGLISH = Object.entries(textsOf('en'))

/** Texts of the catalogue, by the English ones. */
const catalogueOf = (language: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../extension/_locales/${language}/presets.json`, import.meta.url), 'utf8'),
  ) as Record<string, string>

/**
 * What the interface says in a language where it says this in English: whole texts first, then those that begin with it.
 * Text that is neither the interface's own nor the catalogue's stays as it is.
 */
export function saidIn(language: string, text: string): string {
  if (language === 'en') return text
  const [name] =
    ENGLISH.find(([, { message }]) => message === text) ??
    ENGLISH.find(([, { message }]) => message.startsWith(text)) ??
    []
  const said = name === undefined ? undefined : textsOf(language)[name]?.message
  return said?.split('$')[0] ?? catalogueSays(language, text)
}

function catalogueSays(language: string, text: string): string {
  const texts = Object.entries(catalogueOf(language))
  const found =
    texts.find(([english]) => english === text) ?? texts.find(([english]) => english.startsWith(text))
  return found?.[1] ?? text
}

/** The same in the language that a page is in. */
export async function saidOn(page: Page, text: string): Promise<string> {
  const language = await page.evaluate(() => document.documentElement.lang)
  return saidIn(language.slice(0, 2), text)
}
