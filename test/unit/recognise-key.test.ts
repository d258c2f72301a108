import { describe, expect, test } from 'vitest'
import type { Preset } from '../../shared/model/preset.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { cleanKey, MAX_KEY } from '../../shared/presets/clean-key.ts'
import { keyFindings, recogniseKey } from '../../shared/presets/recognise-key.ts'

/** So many characters of the kinds that a shape allows, the same every time. */
const of = (alphabet: string, count: number) =>
  Array.from({ length: count }, (_, at) => alphabet[(at * 7 + 3) % alphabet.length]).join('')
const HEX = '0123456789abcdef'
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ALL = '0123456789'

/** A key of every shape, and the same with too little: `[service, what it is called, a key, near misses…]`. */
const SHAPES: [service: string, name: string, key: string, ...misses: string[]][] = [
  [
    'openai',
    'project key',
    `sk-proj-${of(ALNUM, 40)}`,
    `sk-proj-${of(ALNUM, 19)}`,
    `sk_proj-${of(ALNUM, 40)}`,
  ],
  ['openai', 'service account key', `sk-svcacct-${of(ALNUM, 40)}`, `sk-svcacct-${of(ALNUM, 19)}`],
  ['openai', 'admin key', `sk-admin-${of(ALNUM, 40)}`, `sk-admin-${of(ALNUM, 19)}`],
  [
    'openai',
    'user key of the old kind',
    `sk-${of(ALNUM, 20)}T3BlbkFJ${of(ALNUM, 20)}`,
    `sk-${of(ALNUM, 20)}T3BlbkFI${of(ALNUM, 21)}`,
  ],
  [
    'anthropic',
    'API key',
    `sk-ant-api03-${of(ALNUM, 95)}`,
    `sk-ant-api3-${of(ALNUM, 95)}`,
    'sk-ant-api03-short',
  ],
  ['anthropic', 'admin key', `sk-ant-admin01-${of(ALNUM, 95)}`, `sk-ant-admin-${of(ALNUM, 10)}`],
  ['anthropic', 'login token', `sk-ant-oat01-${of(ALNUM, 95)}`, 'sk-ant-oat01'],
  ['openrouter', 'API key', `sk-or-v1-${of(HEX, 64)}`, `sk-or-${of(HEX, 64)}`, `sk-or-v1-${of(HEX, 31)}`],
  ['deepseek', 'API key', `sk-${of(HEX, 32)}`, `sk-${of(HEX, 31)}`, `sk-${of(HEX, 33)}`],
  ['stability', 'API key', `sk-${of(ALNUM, 48)}`, `sk-${of(ALNUM, 47)}`],
  ['groq', 'API key', `gsk_${of(ALNUM, 52)}`, `gsk_${of(ALNUM, 39)}`, `gsk-${of(ALNUM, 52)}`],
  ['together', 'API key', `tgp_v1_${of(ALNUM, 43)}`, `tgp_v1_${of(ALNUM, 39)}`],
  ['fireworks', 'API key', `fw_${of(ALNUM, 24)}`, `fw_${of(ALNUM, 19)}`],
  ['xai', 'API key', `xai-${of(ALNUM, 80)}`, `xai-${of(ALNUM, 39)}`],
  ['perplexity', 'API key', `pplx-${of(ALNUM, 48)}`, `pplx-${of(ALNUM, 47)}`, `pplx-${of(ALNUM, 49)}`],
  ['gemini', 'Google API key', `AIza${of(ALNUM, 35)}`, `AIza${of(ALNUM, 34)}`, `AIza${of(ALNUM, 36)}`],
  [
    'gemini',
    'key bound to a service account',
    `AQ.${of(ALNUM, 40)}`,
    `AQ.${of(ALNUM, 29)}`,
    `AQ-${of(ALNUM, 40)}`,
  ],
  ['huggingface', 'user token', `hf_${of(LETTERS, 34)}`, `hf_${of(LETTERS, 33)}`, `hf_${of(LETTERS, 33)}1`],
  ['huggingface', 'token of an organisation', `api_org_${of(LETTERS, 34)}`, `api_org_${of(LETTERS, 35)}`],
  ['replicate', 'API token', `r8_${of(ALNUM, 37)}`, `r8_${of(ALNUM, 36)}`],
  ['elevenlabs', 'API key', `sk_${of(HEX, 48)}`, `sk_${of(HEX, 47)}`],
  [
    'fal',
    'key id and secret',
    `${of(HEX, 8)}-${of(HEX, 4)}-${of(HEX, 4)}-${of(HEX, 4)}-${of(HEX, 12)}:${of(HEX, 32)}`,
    `${of(HEX, 8)}-${of(HEX, 4)}-${of(HEX, 4)}-${of(HEX, 4)}-${of(HEX, 12)}`,
  ],
  ['bedrock', 'long-lived Bedrock key', `ABSK${of(ALNUM, 120)}==`, `ABSK${of(ALNUM, 100)}`],
  ['bedrock', 'short-lived Bedrock key', `bedrock-api-key-${of(ALNUM, 40)}`, 'bedrock-api-key-short'],
  [
    'bedrock',
    'AWS access key id',
    `AKIA${of(BASE32, 16)}`,
    `AKIA${of(BASE32, 15)}`,
    `AKIA${of(BASE32, 15)}1`,
  ],
  ['bedrock', 'temporary AWS access key id', `ASIA${of(BASE32, 16)}`, `ASIA${of(BASE32, 17)}`],
  ['github', 'fine-grained token', `github_pat_${of(ALNUM, 82)}`, `github_pat_${of(ALNUM, 81)}`],
  ['github', 'classic token', `ghp_${of(ALNUM, 36)}`, `ghp_${of(ALNUM, 35)}`, `ghq_${of(ALNUM, 36)}`],
  ['github', 'OAuth token', `gho_${of(ALNUM, 36)}`, `gho_${of(ALNUM, 35)}`],
  ['github', 'user token of an app', `ghu_${of(ALNUM, 36)}`, `ghu_${of(ALNUM, 35)}`],
  ['github', 'installation token', `ghs_${of(ALNUM, 36)}`, `ghs_${of(ALNUM, 35)}`],
  ['github', 'refresh token', `ghr_${of(ALNUM, 36)}`, `ghr_${of(ALNUM, 35)}`],
  ['gitlab', 'personal access token', `glpat-${of(ALNUM, 20)}`, `glpat-${of(ALNUM, 19)}`],
  ['gitlab', 'pipeline trigger token', `glptt-${of(HEX, 40)}`, 'glptt-short'],
  ['gitlab', 'deploy token', `gldt-${of(ALNUM, 20)}`, `gldt-${of(ALNUM, 19)}`],
  ['gitlab', 'runner token', `glrt-${of(ALNUM, 20)}`, `glrt-${of(ALNUM, 19)}`],
  ['gitlab', 'feed token', `glft-${of(ALNUM, 20)}`, `glft-${of(ALNUM, 19)}`],
  ['gitlab', 'mail token', `glimt-${of(ALNUM, 25)}`, 'glimt-short'],
  ['gitlab', 'agent token', `glagent-${of(ALNUM, 50)}`, 'glagent-short'],
  [
    'stripe',
    'live secret key',
    `sk_live_${of(ALNUM, 99)}`,
    `sk_live_${of(ALNUM, 9)}`,
    `sk_life_${of(ALNUM, 99)}`,
  ],
  ['stripe', 'live restricted key', `rk_live_${of(ALNUM, 99)}`, `rk_live_${of(ALNUM, 9)}`],
  ['stripe', 'test secret key', `sk_test_${of(ALNUM, 24)}`, `sk_test_${of(ALNUM, 9)}`],
  ['stripe', 'test restricted key', `rk_test_${of(ALNUM, 24)}`, `rk_test_${of(ALNUM, 9)}`],
  ['stripe', 'publishable key', `pk_live_${of(ALNUM, 24)}`, `pk_live_${of(ALNUM, 9)}`],
  ['stripe', 'publishable test key', `pk_test_${of(ALNUM, 24)}`, `pk_test_${of(ALNUM, 9)}`],
  ['stripe', 'webhook secret', `whsec_${of(ALNUM, 32)}`, `whsec_${of(ALNUM, 19)}`],
  ['notion', 'integration token', `ntn_${of(ALL, 11)}${of(ALNUM, 35)}`, `ntn_${of(LETTERS, 46)}`],
  ['notion', 'older integration token', `secret_${of(ALNUM, 43)}`, `secret_${of(ALNUM, 42)}`],
  ['linear', 'personal API key', `lin_api_${of(ALNUM, 40)}`, `lin_api_${of(ALNUM, 39)}`],
  ['linear', 'OAuth token', `lin_oauth_${of(HEX, 64)}`, `lin_oauth_${of(HEX, 39)}`],
  ['linear', 'webhook secret', `lin_wh_${of(ALNUM, 20)}`, 'lin_wh_short'],
  [
    'slack',
    'bot token',
    `xoxb-${of(ALL, 11)}-${of(ALL, 11)}-${of(ALNUM, 24)}`,
    'xoxb-short',
    `xoxz-${of(ALNUM, 40)}`,
  ],
  ['slack', 'user token', `xoxp-${of(ALL, 11)}-${of(HEX, 32)}`, 'xoxp-short'],
  ['slack', 'app token of the old kind', `xoxa-${of(ALL, 11)}-${of(HEX, 32)}`, 'xoxa-short'],
  ['slack', 'token that expires', `xoxe.xoxb-1-${of(ALNUM, 40)}`, 'xoxe.short'],
  [
    'slack',
    'app-level token',
    `xapp-1-${of(UPPER, 11)}-${of(ALL, 13)}-${of(HEX, 64)}`,
    `xapp-${of(HEX, 64)}`,
  ],
  ['slack', 'browser token', `xoxc-${of(ALL, 11)}-${of(HEX, 64)}`, 'xoxc-short'],
  ['slack', 'browser cookie', `xoxd-${of(ALNUM, 40)}%2B`, 'xoxd-short'],
  [
    'slack',
    'webhook address',
    `https://hooks.slack.com/services/${of(UPPER, 9)}/${of(UPPER, 9)}/${of(ALNUM, 24)}`,
    'https://hooks.slack.com/help',
    `https://hooks.slack.com.evil.example/services/${of(ALNUM, 40)}`,
  ],
  [
    'airtable',
    'personal access token',
    `pat${of(ALNUM, 14)}.${of(HEX, 64)}`,
    `pat${of(ALNUM, 14)}.${of(HEX, 63)}`,
    `pat${of(ALNUM, 13)}.${of(HEX, 64)}`,
  ],
  [
    'airtable',
    'API key of the old kind',
    `key${of(ALNUM, 14)}`,
    `key${of(ALNUM, 13)}`,
    `key${of(ALNUM, 15)}`,
  ],
  ['twilio', 'account SID', `AC${of(HEX, 32)}`, `AC${of(HEX, 31)}`],
  ['twilio', 'API key SID', `SK${of(HEX, 32)}`, `SK${of(HEX, 31)}`, `sk${of(HEX, 32)}`],
  [
    'sendgrid',
    'API key',
    `SG.${of(ALNUM, 22)}.${of(ALNUM, 43)}`,
    `SG.${of(ALNUM, 21)}.${of(ALNUM, 43)}`,
    `SG-${of(ALNUM, 22)}.${of(ALNUM, 43)}`,
  ],
  ['supabase', 'secret key', `sb_secret_${of(ALNUM, 31)}`, 'sb_secret_short'],
  ['supabase', 'publishable key', `sb_publishable_${of(ALNUM, 31)}`, 'sb_publishable_short'],
  ['supabase', 'management token', `sbp_${of(HEX, 40)}`, `sbp_${of(HEX, 39)}`],
  [
    'supabase',
    'JSON web token, as Supabase’s anon and service_role keys are',
    `eyJ${of(ALNUM, 20)}.eyJ${of(ALNUM, 40)}.${of(ALNUM, 43)}`,
    `eyJ${of(ALNUM, 20)}.eyJ${of(ALNUM, 40)}`,
  ],
  ['sentry', 'organisation token', `sntrys_${of(ALNUM, 100)}`, `sntrys_${of(ALNUM, 19)}`],
  ['sentry', 'personal token', `sntryu_${of(HEX, 64)}`, `sntryu_${of(HEX, 63)}`],
  ['jira', 'API token', `ATATT3${of(ALNUM, 186)}`, `ATATT3${of(ALNUM, 179)}`],
  ['jira', 'repository token', `ATCTT3${of(ALNUM, 186)}`, `ATCTT3${of(ALNUM, 99)}`],
  ['tavily', 'API key', `tvly-dev-${of(ALNUM, 32)}`, 'tvly-short'],
  ['brave-search', 'API key', `BSA${of(ALNUM, 28)}`, `BSA${of(ALNUM, 19)}`],
  ['x-twitter', 'app-only bearer', `${'A'.repeat(22)}${of(ALNUM, 92)}`, `${'A'.repeat(22)}${of(ALNUM, 50)}`],
  [
    'discord',
    'bot token',
    `M${of(ALNUM, 25)}.${of(ALNUM, 6)}.${of(ALNUM, 38)}`,
    `M${of(ALNUM, 25)}.${of(ALNUM, 5)}.${of(ALNUM, 38)}`,
    `A${of(ALNUM, 25)}.${of(ALNUM, 6)}.${of(ALNUM, 38)}`,
  ],
  [
    'google-sheets',
    'service account',
    `{ "type": "service_account", "project_id": "p", "private_key": "-----BEGIN" }`,
    `{ "type": "authorized_user", "client_id": "c" }`,
    `{ "type": "service_account"`,
  ],
  ['google-sheets', 'access token', `ya29.${of(ALNUM, 60)}`, `ya29.${of(ALNUM, 19)}`],
  ['gmail', 'client secret', `GOCSPX-${of(ALNUM, 28)}`, `GOCSPX-${of(ALNUM, 19)}`, `GOCSPY-${of(ALNUM, 28)}`],
  ['gmail', 'refresh token', `1//${of(ALNUM, 60)}`, `1//${of(ALNUM, 19)}`, `1/${of(ALNUM, 60)}`],
  ['resend', 'API key', `re_${of(ALNUM, 33)}`, `re_${of(ALNUM, 19)}`],
]

const named = (key: string) => recogniseKey(key, PRESETS).map(({ preset, shape }) => [preset.id, shape.name])
const preset = (id: string): Preset => {
  const found = presetById(id)
  if (found === null) throw new Error(`no preset ${id}`)
  return found
}
const kinds = (key: string, chosen: string) =>
  keyFindings(key, preset(chosen), PRESETS).map((one) =>
    'preset' in one ? `${one.kind} ${one.preset.id} ${one.shape.danger ?? 'plain'}` : one.kind,
  )

describe('a key is known by its shape', () => {
  test('every shape of the catalogue has an example here', () => {
    const shown = SHAPES.map(([service, name]) => `${service}: ${name}`)
    const known = PRESETS.flatMap(({ id, keys = [] }) => keys.map(({ name }) => `${id}: ${name}`))
    expect(known.filter((one) => !shown.includes(one))).toEqual([])
  })

  test.each(SHAPES)('%s: %s', (service, name, key, ...misses) => {
    expect(named(key)).toEqual([[service, name]])
    for (const miss of misses) expect([miss, named(miss)]).not.toEqual([miss, [[service, name]]])
    // Neither is a key inside of other text, nor one with something at its ends.
    for (const odd of [` ${key}`, `${key} `, `${key}\n`, `x${key}`, `"${key}"`, `${key}${'é'}`]) {
      expect([odd, named(odd).map(([id]) => id)]).toEqual([odd, []])
    }
  })

  test('of two that fit the longer beginning wins, whatever the order, and a look that is shared gives way', () => {
    const made = (id: string, prefix: string, part: object = {}): Preset => ({
      ...preset('openai'),
      id,
      keys: [{ prefix, rest: '.+', name: id, ...part }],
    })
    const ids = (presets: Preset[]) => recogniseKey('sk-ant-abc', presets).map((one) => one.preset.id)
    const [short, long] = [made('short', 'sk-'), made('long', 'sk-ant-')]
    expect([ids([short, long]), ids([long, short])]).toEqual([['long'], ['long']])
    const guess = made('guess', 'sk-ant-', { shared: true })
    expect([ids([guess, long]), ids([guess, short]), ids([guess])]).toEqual([['long'], ['guess'], ['guess']])
  })

  test('nothing is known of plain words, of keys without a mark, and of what is too long', () => {
    for (const text of [
      '',
      'sk-',
      'password',
      of(HEX, 32),
      of(HEX, 64),
      of(ALNUM, 40),
      'Bearer',
      '{"a":1}',
    ]) {
      expect([text, named(text)]).toEqual([text, []])
    }
    expect(named(`sk-proj-${'a'.repeat(10_000)}`)).toEqual([])
    expect(named(`sk-proj-${'a'.repeat(MAX_KEY)}`)).toEqual([])
  })

  test('no shape goes astray over hostile text: this ends', () => {
    for (const head of [
      'sk-ant-api03-',
      'eyJ',
      'SG.',
      'ATATT3',
      '',
      'xapp-1-',
      'AAAAAAAAAAAAAAAAAAAA',
      `${of(HEX, 8)}-`,
    ]) {
      for (const tail of ['A'.repeat(8000), 'a.'.repeat(4000), '-'.repeat(8000), '%'.repeat(8000)])
        expect(named(`${head}${tail}!`)).toEqual([])
    }
  })
})

describe('what an owner is told of a key', () => {
  const PROJECT = `sk-proj-${of(ALNUM, 40)}`
  test.each([
    [PROJECT, 'openai', ['known openai plain']],
    [PROJECT, 'anthropic', ['other openai plain']],
    [PROJECT, 'openai-compatible', ['other openai plain']],
    [PROJECT, 'mistral', ['other openai plain']],
    [`sk-admin-${of(ALNUM, 40)}`, 'openai', ['danger openai admin']],
    [`sk_live_${of(ALNUM, 40)}`, 'stripe', ['danger stripe live']],
    [`sk_live_${of(ALNUM, 40)}`, 'openai', ['other stripe live', 'danger stripe live']],
    [`sk_test_${of(ALNUM, 40)}`, 'stripe', ['known stripe plain']],
    [`pk_live_${of(ALNUM, 40)}`, 'stripe', ['danger stripe wrong']],
    [`sk-${of(HEX, 32)}`, 'deepseek', ['known deepseek plain']],
    // Others give out the same look: nothing is claimed.
    [`sk-${of(HEX, 32)}`, 'openai-compatible', []],
    [`AIza${of(ALNUM, 35)}`, 'openai-compatible', []],
    ['gsk_cut-off', 'groq', ['unlike']],
    [of(ALNUM, 32), 'mistral', []],
    [of(ALNUM, 32), 'jan', []],
    ['', 'groq', []],
    [preset('openai').placeholder, 'openai', ['placeholder']],
    [preset('modelslab').placeholder, 'modelslab', ['placeholder']],
  ])('%s for %s: %j', (key, chosen, expected) => {
    expect(kinds(key, chosen)).toEqual(expected)
  })

  test('every placeholder of the catalogue is told for what it is', () => {
    for (const { id, placeholder } of PRESETS)
      expect([id, kinds(placeholder, id)]).toEqual([id, ['placeholder']])
  })

  test('whatever is dangerous comes with advice', () => {
    const shapes = PRESETS.flatMap(({ keys = [] }) => keys)
    expect(shapes.filter(({ danger, advice }) => (danger === undefined) !== (advice === undefined))).toEqual(
      [],
    )
  })
})

describe('what stands around a key is left out', () => {
  const KEY = `sk-proj-${of(ALNUM, 40)}`
  test.each([
    [KEY, []],
    [`  ${KEY}\n`, ['space']],
    [`\ufeff${KEY}\u200b`, ['space']],
    [`\u00a0${KEY}\u00a0`, ['space']],
    [`"${KEY}"`, ['quotes']],
    [`'${KEY}',`, ['quotes']],
    [`“${KEY}”`, ['quotes']],
    [`\`${KEY}\``, ['quotes']],
    [`Bearer ${KEY}`, ['scheme']],
    [`bearer   ${KEY}`, ['scheme']],
    [`Authorization: Bearer ${KEY}`, ['name', 'scheme']],
    [`x-api-key: ${KEY}`, ['name']],
    [`OPENAI_API_KEY=${KEY}`, ['name']],
    [` export OPENAI_API_KEY="Bearer ${KEY}" \r\n`, ['space', 'name', 'quotes', 'scheme']],
  ])('%j', (pasted, leftOut) => {
    const clean = cleanKey(pasted)
    expect(clean.key).toBe(KEY)
    expect(clean.leftOut.sort()).toEqual([...leftOut].sort())
  })

  test.each([
    'pass word',
    'a"b',
    '"',
    '""x',
    'Bearer',
    'bearer',
    'x=y',
    'a key = b',
    'basic abc',
    `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`,
    '{\n"type":"service_account"\n}',
    'x'.repeat(MAX_KEY + 1),
  ])('what stands inside stays: %j', (pasted) => {
    expect(cleanKey(pasted)).toEqual({ key: pasted, leftOut: [] })
  })

  test('a paste of ten thousand characters is left as it is, and an empty one stays empty', () => {
    const long = `Bearer ${'k'.repeat(10_240)}`
    expect(cleanKey(long)).toEqual({ key: long, leftOut: [] })
    expect(cleanKey(' \n\t ').key).toBe('')
    expect(cleanKey('""').key).toBe('')
  })
})
