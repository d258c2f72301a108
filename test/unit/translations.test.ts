import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { say } from '../../shared/model/said.ts'

const browser = { texts: 'de' }

/** The modules anew, as each page of ours loads them once. */
async function page() {
  vi.resetModules()
  const translations = await import('../../extension/ui/translations.ts')
  const { hostSentence, refusalText } = await import('../../extension/ui/refusal-text.ts')
  const { loadCatalogue } = await import('../../extension/ui/catalogue.ts')
  return { ...translations, hostSentence, refusalText, loadCatalogue }
}

beforeEach(() => {
  const getMessage = (name: string) => (name === 'languageTag' ? browser.texts : '')
  vi.stubGlobal('chrome', { i18n: { getMessage, getUILanguage: () => browser.texts } })
  browser.texts = 'de'
})
afterEach(() => vi.unstubAllGlobals())

describe('in German', () => {
  test('a sentence of the host is German, with its values in it', async () => {
    const { loadTranslations, hostSentence, refusalText } = await page()
    await loadTranslations()
    const said = say`there is no service \`${'mine'}\``
    expect(hostSentence({ message: 'there is no service `mine`', said })).toBe(
      'Es gibt keinen Dienst `mine`.',
    )
    const refusal = Object.assign(new Error('there is no service `mine`'), { code: 'unknown', said })
    expect(refusalText(refusal)).toBe('Es gibt keinen Dienst `mine`.')
    expect(refusalText(new Error('the grant was removed'))).toBe('Die Freigabe wurde entfernt.')
  })

  test('a value turns no sentence around it', async () => {
    const { loadTranslations, hostSentence } = await page()
    await loadTranslations()
    const said = say`there is no service \`${'a\u202Eb'}\``
    expect(hostSentence({ message: 'any', said })).toBe('Es gibt keinen Dienst `a\\u{202E}b`.')
  })

  test('a sentence that has no German is shown whole, as the host wrote it', async () => {
    const { loadTranslations, hostSentence } = await page()
    await loadTranslations()
    const said = say`a later host says ${'this'} and ${'that'}`
    expect(hostSentence({ message: 'a later host says this and that', said })).toBe(
      'A later host says this and that.',
    )
    // No name of what every object has is a text.
    for (const message of ['constructor', '__proto__', 'toString'])
      expect(hostSentence({ message })).toBe(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`)
  })

  test('a stored name is German where the catalogue says it so, and stays where its owner chose another', async () => {
    const { loadTranslations, labelText } = await page()
    expect(labelText('Chat and responses')).toBe('Chat and responses')
    await loadTranslations()
    expect(labelText('Chat and responses')).toBe('Chat und Antworten')
    expect(labelText('Chat and responses of mine')).toBe('Chat and responses of mine')
  })

  test('the catalogue is German, in the order of its German names, and decides the same', async () => {
    const { loadCatalogue } = await page()
    const catalogue = await loadCatalogue()
    const { PRESETS } = await import('../../shared/presets/catalogue.ts')
    const labels = catalogue.map(({ label }) => label)
    expect(labels).toContain('Beliebiger OpenAI-kompatibler Server')
    expect(labels).toEqual([...labels].sort((one, other) => one.localeCompare(other, 'de')))
    const rulesOf = (presets: typeof PRESETS) =>
      Object.fromEntries(
        presets.map(({ id, capabilities }) => [
          id,
          capabilities.map(({ id: own, allow, deny, risk }) => ({ own, allow, deny, risk })),
        ]),
      )
    expect(rulesOf(catalogue)).toEqual(rulesOf(PRESETS))
  })
})

test('in English nothing is loaded, and everything stays as it is', async () => {
  browser.texts = 'en'
  const { loadTranslations, hostSentence, labelText, loadCatalogue } = await page()
  await loadTranslations()
  const said = say`there is no service \`${'mine'}\``
  expect(hostSentence({ message: 'there is no service `mine`', said })).toBe('There is no service `mine`.')
  expect(labelText('Chat and responses')).toBe('Chat and responses')
  const { PRESETS } = await import('../../shared/presets/catalogue.ts')
  expect((await loadCatalogue()).map(({ id }) => id)).toEqual(PRESETS.map(({ id }) => id))
})
