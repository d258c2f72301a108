import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CALLBACK_FAULTS } from '../../native-host/authorizing/read-callback.ts'
import { readProbe } from '../../native-host/owner/read-probe.ts'
import { REASONS } from '../../native-host/policy/reason.ts'
import { FAULTS } from '../../native-host/references/fault.ts'
import { Refusal } from '../../native-host/refusal.ts'
import { type Said, said, say, sentenceText } from '../../shared/model/said.ts'
import { sentencesBelow, sentencesIn } from '../support/host-sentences.ts'

/**
 * What the host says to its owner, in German, by its English sentences. One that is changed has none until somebody writes it
 * anew, and is shown in English meanwhile.
 */
const GERMAN = JSON.parse(
  readFileSync(new URL('../../extension/_locales/de/host.json', import.meta.url), 'utf8'),
) as Record<string, string>

/** What only the command line leads to, which speaks English: nothing of it is on the way of an extension’s order. */
const COMMAND_LINE = [
  /^cli\//,
  // Reading other programs’ files, and restoring.
  /^import\/(?:janee|env|import-env|names|recognise|import-janee)/,
  /^owner\/(?:import|take-in|restore|backup)/,
  /^vault\/(?:backup-file|start-holder)/,
  // Installing, and looking at what a host may not look at.
  /^install\/(?:check-browsers|check-manifest|check-node|installation|uninstallation|registry|say-hello|sandboxed|launcher)/,
  /^owner\/check-local-server/,
  // Services without a preset, and keys that live elsewhere: made there alone.
  /^policy\/(?:validate\.ts|certificates|token-service|authorization-url)/,
  /^references\//,
  /^auth\/(?:mtls|client-certificate|hmac|path|cookie|oauth1|sigv4)/,
]

/** What no order’s refusal says, with the reason. */
const UNSAID = [
  // Said of a preset’s own value by the form that asks for it, before it is sent.
  /^say which /,
]

const isSaid = (sentence: string) => Object.hasOwn(GERMAN, sentence)
const lacking = (sentences: readonly string[]) =>
  sentences.filter((sentence) => !isSaid(sentence) && !UNSAID.some((one) => one.test(sentence)))

/** A sentence and those within it. */
function textsOf({ text, values }: Said): string[] {
  return [text, ...values.flatMap((value) => (typeof value === 'string' ? [] : textsOf(value)))]
}

describe('the German of the host’s sentences', () => {
  const host = [...sentencesBelow('native-host')]

  test('has every refusal and finding that an order from the extension leads to', () => {
    const asked = host.filter(([file]) => !COMMAND_LINE.some((one) => one.test(file)))
    expect(asked.flatMap(([, sentences]) => sentences).length).toBeGreaterThan(150)
    const missing = asked.flatMap(([file, sentences]) =>
      lacking(sentences).map((sentence) => `${file}: ${sentence}`),
    )
    expect(missing).toEqual([])
  })

  test('has every refusal of the extension itself', () => {
    const own = [...sentencesBelow('extension/background'), ...sentencesBelow('extension/ui')].flatMap(
      ([, sentences]) => sentences,
    )
    expect(own.length).toBeGreaterThan(8)
    // These have words of their own in messages.json, see `refusal-text.ts`.
    const worded = /^the (?:host ended before|native host (?:is not installed|could not be started))/
    expect(lacking(own).filter((sentence) => !worded.test(sentence))).toEqual([])
  })

  test('has what a test of a service may say, whatever came back', () => {
    const problems = [...Object.keys(FAULTS), ...Object.keys(REASONS), 'refused', 'dns', 'tls', 'tls-expired']
    const causes = [
      'private-address',
      'tls-not-yet-valid',
      'tls-wrong-host',
      'tls-self-signed',
      'tls-untrusted',
    ]
    const statuses = [200, 302, 400, 401, 402, 403, 404, 405, 418, 429, 500, 503]
    const bodies = ['{}', '<!doctype html>', '{"ok":false}']
    const results = [
      ...[...problems, ...causes].map((problem) =>
        readProbe({ problem }, { path: '/v1', ok: 'status' }, true),
      ),
      ...statuses.flatMap((status) =>
        bodies.flatMap((body) =>
          ['/v1', ''].flatMap((path) =>
            [true, false].map((keyed) => readProbe({ status, body }, { path, ok: 'json-ok' }, keyed)),
          ),
        ),
      ),
    ]
    const texts = new Set(results.flatMap((result) => textsOf(result.said ?? said(result.message))))
    // A cause that has no words is shown as it is.
    const missing = lacking([...texts]).filter((text) => text.includes(' '))
    expect(missing).toEqual([])
    expect(texts.size).toBeGreaterThan(40)
  })

  test('has what fetching a key and signing in may fail with', () => {
    expect(lacking([...Object.values(FAULTS), ...Object.values(CALLBACK_FAULTS)])).toEqual([])
  })

  test('says each value once or more, and none that is not there', () => {
    const values = (text: string) => [...new Set(text.match(/\$\d/g))].sort().join()
    const differ = Object.entries(GERMAN).filter(([english, german]) => values(english) !== values(german))
    expect(differ).toEqual([])
  })

  test('is text and nothing else, polite, and ends as the English does', () => {
    const texts = Object.entries(GERMAN)
    expect(texts.filter(([, german]) => german === '' || german !== german.trim())).toEqual([])
    expect(texts.filter(([, german]) => /<|\p{Bidi_Control}/u.test(german))).toEqual([])
    expect(texts.filter(([, german]) => /\b(du|dein\w*|dir|dich|euer|eure\w*)\b/i.test(german))).toEqual([])
    expect(texts.filter(([english, german]) => english.endsWith('.') !== german.endsWith('.'))).toEqual([])
  })

  test('has nothing that nobody says any more', () => {
    const sources = ['native-host', 'extension/background', 'extension/ui'].flatMap((folder) =>
      [...sentencesBelow(folder).keys()].map((file) =>
        readFileSync(new URL(`../../${folder}/${file}`, import.meta.url), 'utf8'),
      ),
    )
    const tagged = new Set(sources.flatMap(sentencesIn))
    const all = sources.join('\n').replaceAll("\\'", "'")
    const gone = Object.keys(GERMAN).filter((text) => !tagged.has(text) && !all.includes(`'${text}'`))
    expect(gone).toEqual([])
  })
})

describe('a sentence with its values apart', () => {
  test('is its English text, and names the places of its values in order', () => {
    const sentence = say`there is no \`${'a'}\` of ${7}`
    expect(sentence).toEqual({ text: 'there is no `$1` of $2', values: ['a', '7'] })
    expect(sentenceText(sentence)).toBe('there is no `a` of 7')
  })

  test('goes into another one, and into another language with it', () => {
    const words: Record<string, string> = { 'no $1: $2': '$2: kein $1', 'it is $1': 'es ist $1' }
    const sentence = say`no ${'x'}: ${say`it is ${'late'}`}`
    expect(sentenceText(sentence)).toBe('no x: it is late')
    expect(sentenceText(sentence, (english) => words[english] ?? english)).toBe('es ist late: kein x')
  })

  test('takes a value for what it is, whatever it holds', () => {
    const sentence = say`no \`${'$2 $1 \\ $&'}\` or \`${'b'}\``
    expect(sentenceText(sentence)).toBe('no `$2 $1 \\ $&` or `b`')
    expect(sentenceText('costs $1')).toBe('costs $1')
    expect(sentenceText(sentence, undefined, (value) => `«${value}»`)).toContain('«$2 $1')
  })

  test('is the message of its refusal', () => {
    const refusal = new Refusal('unknown', say`there is no service \`${'a'}\``)
    expect(refusal.message).toBe('there is no service `a`')
    expect(refusal.said).toEqual({ text: 'there is no service `$1`', values: ['a'] })
    expect(new Refusal('unknown', 'the grant was removed').said).toBeNull()
  })

  test('is found in a source by its literal', () => {
    const source = [
      "throw new Refusal('a', say`\\`§{each.map((one) => { return one })}\\` is §{2}`)",
      "good('x', 'it is well')",
    ].join('\n')
    expect(sentencesIn(source.replaceAll('§', '$'))).toEqual(['`$1` is $2', 'it is well'])
  })
})
