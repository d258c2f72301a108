import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { localisedPreset } from '../../extension/ui/localised-preset.ts'
import { PLAYGROUND_LABELS } from '../../native-host/owner/playground-service.ts'
import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'

/**
 * The catalogue in German, by the English texts of the presets. An English text that is changed has none until somebody
 * writes it anew, and is shown in English meanwhile: a translation never says what its preset no longer says.
 */
const GERMAN = JSON.parse(
  readFileSync(new URL('../../extension/_locales/de/presets.json', import.meta.url), 'utf8'),
) as Record<string, string>

/** Presets whose German is complete. One that is not here is shown in English, and nobody has to write German to add it. */
const TRANSLATED =
  `airtable anthropic assemblyai aws-s3 aws-s3-bucket azure-openai bedrock brave-search cloudflare-ai
  cohere deepgram deepseek discord elevenlabs fal fireworks gemini github gitlab gmail google-sheets gradio groq huggingface jan jira
  linear llamacpp lmstudio localai mistral modelslab notion ollama openai openai-compatible openrouter perplexity replicate resend
  sendgrid sentry serpapi slack stability stripe supabase tavily together twilio vercel vllm x-twitter xai`.split(
    /\s+/,
  )

/** What is said the same in German. */
const SAME = ['account SID']

/** A service’s own name stays; words beside it do not. */
const WORDS = /[ (-][a-z]{2,}/

/** Every text of a preset that its owner reads. */
function textsOf(preset: Preset): string[] {
  const texts: string[] = []
  localisedPreset(preset, (text) => {
    texts.push(text)
    return text
  })
  const [label = '', hint = '', ...others] = texts
  // What a key looks like is code but where it is told in words.
  return [
    ...(WORDS.test(label) ? [label] : []),
    ...(/[a-z]{3,} [a-z]{3,}/.test(hint) ? [hint] : []),
    ...others,
  ]
}

describe.each(TRANSLATED)('the German of %s', (id) => {
  const preset = PRESETS.find((one) => one.id === id)

  test('has all its texts', () => {
    const texts = preset === undefined ? ['there is no such preset'] : textsOf(preset)
    expect(texts.length).toBeGreaterThan(1)
    expect(texts.filter((text) => !Object.hasOwn(GERMAN, text) && !SAME.includes(text))).toEqual([])
  })
})

describe('the German of the catalogue', () => {
  const entries = Object.entries(GERMAN)

  test('has nothing that no preset says any more', () => {
    const said = new Set<string>(Object.values(PLAYGROUND_LABELS))
    for (const preset of PRESETS)
      localisedPreset(preset, (text) => {
        said.add(text)
        return text
      })
    expect(entries.filter(([text]) => !said.has(text))).toEqual([])
  })

  test('has what the playground’s service and capability are called', () => {
    expect(Object.values(PLAYGROUND_LABELS).filter((label) => !Object.hasOwn(GERMAN, label))).toEqual([])
  })

  test('ends as the English does, is polite, and holds nothing but text', () => {
    const end = (text: string) => /[.?:…]?$/.exec(text)?.[0]
    expect(entries.filter(([text, german]) => end(text) !== end(german))).toEqual([])
    expect(entries.filter(([, german]) => german === '' || german !== german.trim())).toEqual([])
    expect(entries.filter(([, german]) => /\b(du|dein\w*|dir|dich|euer|eure\w*)\b/i.test(german))).toEqual([])
    expect(entries.filter(([, german]) => /[<>$]|\p{Bidi_Control}/u.test(german))).toEqual([])
  })

  test('keeps the commands, prefixes and numbers of the English', () => {
    const codes = (text: string) => (text.match(/`[^`]+`|\b[a-z]+_\w*|\d+/g) ?? []).sort()
    const differ = entries.filter(([text, german]) => `${codes(text)}` !== `${codes(german)}`)
    expect(differ).toEqual([])
  })
})

test('nothing of a preset that is compared, sent or stored is translated', () => {
  const spelled = (text: string) => `«${text}»`
  for (const preset of PRESETS) {
    const { label, keyHint, capabilities, hazards, keys, values, ...rest } = localisedPreset(preset, spelled)
    const own = JSON.stringify({
      rest,
      capabilities: capabilities.map(({ label: _, description: __, ...rules }) => rules),
      keys: keys?.map(({ name: _, advice: __, ...shape }) => shape),
      values: values?.map(({ label: _, ...value }) => value),
    })
    expect(own).not.toContain('«')
    expect([label, keyHint, ...hazards].every((text) => text.startsWith('«'))).toBe(true)
  }
})
