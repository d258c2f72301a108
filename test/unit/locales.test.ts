import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bytesText } from '../../extension/ui/bytes-text.ts'
import { durationText } from '../../extension/ui/duration-text.ts'
import { dateText, momentText } from '../../extension/ui/moment-text.ts'
import { counted, t, textLanguage } from '../../extension/ui/strings.ts'

/**
 * The languages of the interface. Words that German keeps apart, one for each of `shared/glossary.md`:
 * service Dienst · key Schlüssel · secret Geheimnis · vault Tresor (sperren, entsperren) · slot „was ihn öffnet“ ·
 * placeholder Platzhalter · site Website · page Seite · call Aufruf · request (HTTP) Anfrage · rule Regel · policy
 * Regelwerk · capability Befugnis · grant Freigabe · connect verbinden · session Sitzung · live aktiv · budget Budget ·
 * allow erlauben · ask nachfragen · deny verweigern (owner or rule) · refuse abweisen (whoever does not carry out) ·
 * revoke widerrufen · end beenden · resume fortsetzen · approval Zustimmung · log Protokoll · activity Aktivität ·
 * sign in anmelden · control room Zentrale · machine Gerät · host, body, header, token: as in English.
 */
const LOCALES = new URL('../../extension/_locales/', import.meta.url)

/** Names and words that are the same in both languages. */
const SAME_IN_GERMAN = [
  'extName',
  'passphrase',
  'slotPassphrase',
  'stepHost',
  'serviceAndCapability',
  'keyKnown',
  'valueIs',
  'factStatus',
  'factTokens',
  'costOf',
  'roomBudgets',
  'budgetTokens',
  'limitMaxTokens',
  'unitMoney',
  'diffLimit',
  'priceOfModel',
  'failoverModel',
  'replayChange',
  'pauseTitle',
  'factBrowser',
  'factVersion',
  'factNode',
]

type Texts = Record<string, { message: string }>

const english = textsOf('en')

function textsOf(language: string): Texts {
  return JSON.parse(readFileSync(new URL(`${language}/messages.json`, LOCALES), 'utf8')) as Texts
}

function valuesOf(message = ''): string[] {
  return [...new Set(message.match(/\$\d/g))].sort()
}

describe.each(readdirSync(LOCALES).filter((language) => language !== 'en'))('the texts in %s', (language) => {
  const texts = textsOf(language)
  const entries = Object.entries(texts)

  test('have exactly the names of the English ones', () => {
    expect(Object.keys(english).filter((name) => !Object.hasOwn(texts, name))).toEqual([])
    expect(Object.keys(texts).filter((name) => !Object.hasOwn(english, name))).toEqual([])
  })

  test('name their language as their folder does', () => {
    expect(texts.languageTag?.message).toBe(language)
  })

  test('use the values that the English ones use', () => {
    const differ = entries.filter(
      ([name, { message }]) => `${valuesOf(message)}` !== `${valuesOf(english[name]?.message)}`,
    )
    expect(differ).toEqual([])
  })

  test('hold nothing that the browser reads as anything but text and values', () => {
    const odd = entries.filter(([, { message }]) => /\$(?!\d)|__MSG_|<|&\w+;/.test(message))
    expect(odd).toEqual([])
  })

  test('are never empty, and begin and end where they say something', () => {
    expect(entries.filter(([, { message }]) => message === '' || message !== message.trim())).toEqual([])
  })

  test('end as the English ones do, so that a sentence stays a sentence', () => {
    const end = (message = '') => /(?:\.|\?|:|…)?$/.exec(message)?.[0]
    const differ = entries.filter(([name, { message }]) => end(message) !== end(english[name]?.message))
    expect(differ.map(([name]) => name)).toEqual([])
  })

  test('have a text for one and a text for more of each count', () => {
    const stems = entries.flatMap(([name]) => (name.endsWith('One') ? [name.slice(0, -3)] : []))
    expect(stems.length).toBeGreaterThan(5)
    expect(stems.filter((stem) => !Object.hasOwn(texts, `${stem}Other`))).toEqual([])
  })
})

/** What would be torn apart at the end of a line: the product's name, a width and its height. */
const TORN = /Valet Key|\d ×|× \d/

test.each(readdirSync(LOCALES))('names and sizes go to the next line whole: %s', (language) => {
  // The browser shows the name by itself, where it has a line of its own.
  const { extName, ...texts } = textsOf(language)
  expect(extName?.message).toBe('Valet Key')
  expect(Object.entries(texts).filter(([, { message }]) => TORN.test(message))).toEqual([])
})

test('so do those of the catalogue, in English and in German', () => {
  const catalogue = JSON.parse(readFileSync(new URL('de/presets.json', LOCALES), 'utf8')) as object
  const texts = Object.entries(catalogue).flat()
  expect(texts.filter((text) => text.includes('1024'))).not.toEqual([])
  expect(texts.filter((text) => TORN.test(text))).toEqual([])
})

describe('German', () => {
  const german = textsOf('de')
  const browser = { language: 'de' }

  beforeEach(() => {
    const getMessage = (name: string, values: string[] = []) =>
      (german[name]?.message ?? '').replace(/\$(\d)/g, (_, digit: string) => values[Number(digit) - 1] ?? '')
    vi.stubGlobal('chrome', { i18n: { getMessage, getUILanguage: () => browser.language } })
    browser.language = 'de'
  })
  afterEach(() => vi.unstubAllGlobals())

  test('is translated, but for the listed words', () => {
    const same = Object.entries(german).filter(([name, { message }]) => message === english[name]?.message)
    expect(same.map(([name]) => name).sort()).toEqual([...SAME_IN_GERMAN].sort())
  })

  test('speaks to its reader politely', () => {
    const familiar = /\b(du|dein\w*|dir|dich|euer|eure\w*)\b/i
    expect(Object.values(german).filter(({ message }) => familiar.test(message))).toEqual([])
  })

  test('has its own plural, numbers, lengths of time, sizes and dates, whatever the system speaks', () => {
    expect([counted('requests', 1), counted('requests', 0), counted('requests', 1200)]).toEqual([
      '1 Aufruf',
      '0 Aufrufe',
      '1.200 Aufrufe',
    ])
    expect([durationText(3661), durationText(2_592_000, 'long')]).toEqual(['1 Std. 1 Min.', '30 Tage'])
    expect(bytesText(1234)).toBe('1,2 kB')
    expect(dateText(new Date(2026, 10, 22, 14, 5).getTime())).toBe('22.11.2026, 14:05')
    expect(momentText(0, 180_000)).toBe('vor 3 Min.')
  })

  test('keeps the order of a sentence around a name that would turn it', () => {
    expect(t('removeOf', 'a\u202Eb\u2069')).toBe('a\\u{202E}b\\u{2069} entfernen')
    expect(t('removeOf', 'Größe\u00a0א')).toBe('Größe\u00a0א entfernen')
  })

  test('takes the region of a browser that speaks it, and of no other', () => {
    browser.language = 'de-CH'
    expect(textLanguage()).toBe('de-CH')
    expect(counted('requests', 1200)).toBe(`${new Intl.NumberFormat('de-CH').format(1200)} Aufrufe`)
    for (const other of ['fr-CH', 'den-CA', 'de-DE@posix']) {
      browser.language = other
      expect([textLanguage(), t('vaultLocked')]).toEqual(['de', 'Gesperrt'])
    }
  })
})

test('German says Tokens where there may be several', () => {
  const german = textsOf('de')
  const several = Object.keys(english).filter((name) => /\btokens\b/i.test(english[name]?.message ?? ''))
  expect(several.length).toBeGreaterThan(10)
  expect(several.filter((name) => /\bToken\b(?!-)/.test(german[name]?.message ?? ''))).toEqual([])
})
