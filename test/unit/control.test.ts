import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pathOf } from '../../extension/control/activity-line.ts'
import { baseUrlNote, localPlace } from '../../extension/control/base-url-note.ts'
import { firstRunStep } from '../../extension/control/first-run-step.ts'
import { ControlModel } from '../../extension/control/model.ts'
import { newSecrets, secretFields } from '../../extension/control/new-secrets.ts'
import { passphraseStrength } from '../../extension/control/passphrase-strength.ts'
import { roomOf } from '../../extension/control/room.ts'
import { freeName, namedModels } from '../../extension/control/service-name.ts'
import { type ServiceFields, serviceFaults, serviceOrder } from '../../extension/control/service-order.ts'
import { saysMore, testWords } from '../../extension/control/test-words.ts'
import { capabilityWords, changesThings } from '../../extension/ui/capability-words.ts'
import { durationText } from '../../extension/ui/duration-text.ts'
import { hostCommand, systemOf } from '../../extension/ui/host-command.ts'
import { originParts } from '../../extension/ui/origin-parts.ts'
import { reasonText } from '../../extension/ui/reason-text.ts'
import { refusalText } from '../../extension/ui/refusal-text.ts'
import { counted, t } from '../../extension/ui/strings.ts'
import { readProbe } from '../../native-host/owner/read-probe.ts'
import { isLocalAddress } from '../../native-host/policy/address.ts'
import { REASONS } from '../../native-host/policy/reason.ts'
import { FAULTS } from '../../native-host/references/fault.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import type { Preset } from '../../shared/model/preset.ts'
import { PROBLEMS } from '../../shared/model/problem.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { OwnerStandIn, refusal } from '../support/ui-stage/owner-stand-in.ts'

describe('the first run', () => {
  test.each([
    ['starting', false, false, 'host'],
    ['missing', false, false, 'host'],
    ['no-vault', false, false, 'vault'],
    ['locked', false, false, 'vault'],
    ['no-keys', true, true, 'vault'],
    ['no-keys', false, true, 'service'],
    ['ready', false, true, 'service'],
    ['ready', false, false, 'connect'],
    ['exited', false, true, 'host'],
  ] as const)('at %s (code unstored: %s, adding: %s) is at step %s', (screen, unstored, adding, step) => {
    expect(firstRunStep(screen, unstored, adding)).toBe(step)
  })

  test('guesses a passphrase’s strength from what it is made of, not from its length alone', () => {
    expect(passphraseStrength('short')).toBe(0)
    expect(passphraseStrength('aaaaaaaaaaaaaaaaaaaaaaaa')).toBe(1)
    expect(passphraseStrength('abcdefghijklmnopqrstuvwx')).toBe(1)
    expect(passphraseStrength('password1')).toBe(1)
    expect(passphraseStrength('correct horse battery staple')).toBe(3)
  })

  test('names a new service so that no other has the name', () => {
    expect(freeName('openai', [])).toBe('openai')
    expect(freeName('openai', ['openai', 'openai-2'])).toBe('openai-3')
  })

  test('reads models one a line or parted by commas, each once', () => {
    expect(namedModels(' qwen3-8b \n\nllama-4, qwen3-8b')).toEqual(['qwen3-8b', 'llama-4'])
  })

  test.each([
    ['https://host/v1', null],
    ['http://127.0.0.1:1337', null],
    ['http://192.168.1.4:8080/v1', null],
    ['http://[fd00::1]/v1', null],
    ['http://host/v1', 'baseUrlPlain'],
    ['http://8.8.8.8/v1', 'baseUrlPlain'],
    ['host/v1', 'baseUrlMalformed'],
    ['ftp://host', 'baseUrlMalformed'],
    ['https://user:pass@host/v1', 'baseUrlExtra'],
    ['https://host/v1?key=1', 'baseUrlExtra'],
    ['http://localhost:1234/v1', 'baseUrlLocalName'],
    ['https://llm.localhost/v1', 'baseUrlLocalName'],
    ['http://0.0.0.0:11434/v1', 'baseUrlLocalName'],
  ])('says of the base URL %s: %s', (text, note) => {
    expect(baseUrlNote(text)?.name ?? null).toBe(note)
  })

  test('says what to write in place of a name for this machine', () => {
    expect(baseUrlNote('http://localhost:1234/v1/')?.value).toBe('http://127.0.0.1:1234/v1')
    expect(baseUrlNote('http://0.0.0.0:11434')?.value).toBe('http://127.0.0.1:11434')
    expect(baseUrlNote('http://[::]:11434')?.value).toBe('http://[::1]:11434')
  })

  test.each([
    'http://127.0.0.1:1234/v1',
    'http://127.9.9.9',
    'http://127.1',
    'http://0x7f000001',
    'http://[::1]:1234',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.0.1',
    'http://[fc00::1]',
    'http://[fdff::1]',
    'https://8.8.8.8',
    'https://172.15.0.1',
    'https://172.32.0.1',
    'https://192.169.0.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://10.example.com',
    'https://127.0.0.1.example.com',
    'https://[fe80::1]',
    'https://[2606:4700::1]',
  ])('takes %s for local exactly where the host does', (text) => {
    const literal = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1')
    expect(localPlace(text) !== null).toBe(isLocalAddress(literal))
  })
})

describe('adding a service', () => {
  const compatible = presetById('openai-compatible') as Preset
  const jan = presetById('jan') as Preset
  const fields: ServiceFields = {
    baseUrl: 'http://127.0.0.1:1234/v1/',
    localAddress: null,
    key: '',
    chosen: ['oai-chat'],
    models: '',
    values: {},
  }

  test('at a local address wants the owner’s tick, and the tick is for that address alone', () => {
    expect(serviceFaults(compatible, fields)).toEqual({ local: t('localNotTicked') })
    expect(serviceFaults(compatible, { ...fields, localAddress: '127.0.0.1' })).toEqual({})
    expect(serviceFaults(compatible, { ...fields, localAddress: '127.0.0.2' })).toHaveProperty('local')
  })

  test('is declared local where the owner ticked it, and never otherwise', () => {
    const order = (part: Partial<ServiceFields>) => serviceOrder(compatible, { ...fields, ...part }, [])
    expect(order({ localAddress: '127.0.0.1' })).toMatchObject({
      baseUrls: ['http://127.0.0.1:1234/v1'],
      local: { address: null },
      secrets: {},
    })
    expect(order({})).not.toHaveProperty('local')
    const moved = order({ baseUrl: 'https://llm.example/v1', localAddress: '127.0.0.1' })
    expect(moved).not.toHaveProperty('local')
  })

  test('that is local by its preset asks no tick, and goes without a key', () => {
    const chosen = ['jan-models']
    const asked = { ...fields, baseUrl: 'http://127.0.0.1:1337', chosen }
    expect(serviceFaults(jan, asked)).toEqual({})
    expect(serviceOrder(jan, asked, ['jan'])).toEqual({
      name: 'service-add',
      id: 'jan-2',
      preset: 'jan',
      secrets: {},
      capabilities: chosen,
    })
  })

  test.each([
    [200, true],
    [401, true],
    [403, true],
    [404, true],
    [200, false],
    [401, false],
  ])('what status %i means is told once, with a key: %s', (status, keyed) => {
    const result = readProbe({ status, body: '' }, { path: '/v1/models', ok: 'status' }, keyed)
    expect(result.message).not.toBe('')
    expect(saysMore(result)).toBe(false)
  })

  test('what the host knows besides is told', () => {
    const words = { path: '/v1/models', ok: 'status' } as const
    expect(saysMore(readProbe({ status: 402, body: '' }, words, true))).toBe(true)
    expect(saysMore(readProbe({ problem: 'refused' }, words, true))).toBe(true)
    expect(saysMore({ message: '' })).toBe(false)
  })

  test('without a key is never told that its key was refused', () => {
    expect(testWords({ outcome: 'key-refused' }, true).title).toBe('testKeyWanted')
    expect(testWords({ outcome: 'key-refused' }, false).title).toBe('testKeyRefused')
    expect(testWords({ outcome: 'no-key-needed' }, true).title).toBe('testNoKeyNeeded')
  })

  test('says everything that is missing at once, each at its field', () => {
    const openai = presetById('openai') as Preset
    expect(serviceFaults(openai, { ...fields, baseUrl: '', chosen: [] })).toEqual({
      key: t('keyEmpty'),
      chosen: t('chosenEmpty'),
    })
    expect(Object.keys(serviceFaults(jan, { ...fields, baseUrl: '', chosen: ['jan-chat'] }))).toEqual([
      'baseUrl',
      'models',
    ])
  })
})

describe('what a preset asks for besides the key', () => {
  const slack = presetById('slack') as Preset
  const fields: ServiceFields = {
    baseUrl: 'https://slack.com',
    localAddress: null,
    key: 'xoxb-0123456789-abcdef',
    chosen: ['slack-read'],
    models: '',
    values: {},
  }

  test('is asked for where what was chosen needs it, and is looked at', () => {
    expect(serviceFaults(slack, fields)).toEqual({})
    const posting = { ...fields, chosen: ['slack-read', 'slack-post'] }
    const fault = { values: { channel: t('valueWrong', 'C0123456789') } }
    expect(serviceFaults(slack, posting)).toEqual(fault)
    for (const channel of ['general', 'C0123456789/..', '*', '']) {
      expect(serviceFaults(slack, { ...posting, values: { channel } })).toEqual(fault)
    }
    expect(serviceFaults(slack, { ...posting, values: { channel: ' C0123456789 ' } })).toEqual({})
  })

  test('goes with the order, and nothing else does', () => {
    const values = { channel: ' C0123456789', other: 'x' }
    expect(serviceOrder(slack, { ...fields, values }, [])).not.toHaveProperty('values')
    const order = serviceOrder(slack, { ...fields, values, chosen: ['slack-post'] }, [])
    expect(order.values).toEqual({ channel: 'C0123456789' })
  })

  test('stands in the words of the capability that was made with it', () => {
    const service = serviceFromPreset(slack, { id: 'slack' })
    const made = (channel: string) =>
      capabilityFromPreset(slack, 'slack-post', { id: 'c', service, values: { channel } })
    const summary: ServiceSummary = { ...service, local: false, secrets: [], capabilities: [] }
    const words = capabilityWords(made('C0123456789'), summary, PRESETS)
    expect(words.risks).toEqual(['write'])
    expect(words.text).toBe(
      'Writes into the channel you name and corrects what it wrote.\n' +
        t('valueIs', 'channel', 'C0123456789'),
    )
    // Changed by hand, it is no longer the preset's, and is shown as it is.
    const changed = { ...made('C0123456789'), body: [] }
    expect(capabilityWords(changed, summary, PRESETS).text).not.toContain('the channel you name')
    const two = capabilityFromPreset(presetById('github') as Preset, 'github-repo-read', {
      id: 'c',
      service: { id: 'g', baseUrls: ['https://api.github.com'] },
      values: { owner: 'octocat', repo: 'hello-world' },
    })
    const github: ServiceSummary = { ...summary, preset: 'github', baseUrls: ['https://api.github.com'] }
    expect(capabilityWords(two, github, PRESETS).text).toContain(t('valueIs', 'repository', 'hello-world'))
    const torn = two.rules.map((rule, at) => ({
      ...rule,
      pattern: at === 1 ? rule.pattern.replace('octocat', 'evil') : rule.pattern,
    }))
    expect(capabilityWords({ ...two, rules: torn }, github, PRESETS).text).not.toContain('you name')
  })

  test('a key goes into the order without what was pasted along with it', () => {
    const order = serviceOrder(
      slack,
      { ...fields, key: 'Authorization: Bearer "xoxb-0123456789-abcdef"' },
      [],
    )
    expect(order.secrets).toEqual({ token: 'xoxb-0123456789-abcdef' })
  })
})

describe('a service that is signed in to', () => {
  const gmail = presetById('gmail') as Preset
  const client = '0123456789-abcdefghijklmnop.apps.googleusercontent.com'
  const fields: ServiceFields = {
    baseUrl: 'https://gmail.googleapis.com',
    localAddress: null,
    key: 'GOCSPX-0123456789abcdefghijklmnop',
    chosen: ['gmail-read'],
    models: '',
    values: { client },
  }

  test('is asked for its client’s id and secret, and the secret is stored as that and not as a token', () => {
    expect(serviceFaults(gmail, fields)).toEqual({})
    expect(serviceFaults(gmail, { ...fields, key: '', values: {} })).toEqual({
      key: t('clientSecretEmpty'),
      values: { client: t('valueWrong', client) },
    })
    expect(serviceOrder(gmail, fields, [])).toMatchObject({
      secrets: { 'client-secret': fields.key },
      values: { client },
    })
  })

  test('keeps apart what is replaced: a new client secret is no refresh token', () => {
    const secrets = ['client-secret', 'refresh-token']
    const asked = secretFields({ preset: 'gmail', secrets, signIn: true })
    expect(asked.map(({ names }) => names)).toEqual([['client-secret'], ['refresh-token']])
    expect(newSecrets(asked, ['new', ''])).toEqual({ 'client-secret': 'new' })
  })
})

describe('replacing a key', () => {
  test('asks once for a key that a preset knows by several names', () => {
    const fields = secretFields({ preset: 'modelslab', secrets: ['token', 'value'] })
    expect(fields).toHaveLength(1)
    expect(newSecrets(fields, ['new'])).toEqual({ token: 'new', value: 'new' })
    expect(newSecrets(fields, [''])).toBeNull()
  })

  test('asks for each secret of a service the owner described, and keeps those left empty', () => {
    const fields = secretFields({ preset: null, secrets: ['value', 'value.2'] })
    expect(fields.map(({ names }) => names)).toEqual([['value'], ['value.2']])
    expect(newSecrets(fields, ['', 'second'])).toEqual({ 'value.2': 'second' })
  })
})

describe('the control room', () => {
  test('opens the room its address names', () => {
    expect([roomOf('#welcome'), roomOf('#vault'), roomOf(''), roomOf('#nowhere')]).toEqual([
      'welcome',
      'vault',
      'services',
      'services',
    ])
  })

  test('says why an order was not carried out', async () => {
    const owner = new OwnerStandIn()
    owner.answers['service-remove'] = refusal('in-use', 'a session uses it')
    const model = new ControlModel(owner, null)
    expect(await model.order({ name: 'service-remove', id: 'openai' }, 'done')).toBe(false)
    expect(model.state.toast).toBe('A session uses it.')
  })
})

describe('the activity', () => {
  const refusals = Object.keys(REASONS).filter((reason) => reason !== 'rule-allow')
  const faults = Object.keys(FAULTS)

  const problems = Object.keys(PROBLEMS)

  test.each([...refusals, ...faults, ...problems])(
    'has words of its own for a call refused by `%s`',
    (reason) => {
      expect(reasonText(reason)).not.toBe(reason)
      expect(reasonText(reason)).toContain(' ')
    },
  )

  test('says each way a key that lives elsewhere could not be fetched differently', () => {
    expect(new Set(faults.map(reasonText)).size).toBe(faults.length)
  })

  test('shows a reason of a later host as it is recorded', () => {
    expect(reasonText('of-a-later-host')).toBe('of-a-later-host')
    expect(reasonText('toString')).toBe('toString')
  })

  test('shows the path of an address with the names of its query, and an odd one as it is', () => {
    const shown = [
      pathOf({ url: 'https://api/v1', query: ['x', 'y'] }),
      pathOf({ url: 'https://api/v1', query: [] }),
      pathOf({ url: 'odd', query: [] }),
      pathOf({ url: null, query: [] }),
    ]
    expect(shown).toEqual(['/v1?x&y', '/v1', 'odd', null])
  })
})

describe('an origin for the eye', () => {
  test.each([
    ['https://accounts.example.com', 'accounts.', 'example.com', ''],
    ['https://a.b.example.co.uk:8443', 'a.b.', 'example.co.uk', ':8443'],
    ['https://someone.github.io', '', 'someone.github.io', ''],
    ['https://x.someone.github.io', 'x.', 'someone.github.io', ''],
    ['https://github.io', '', 'github.io', ''],
    ['https://example.com.evil.net', 'example.com.', 'evil.net', ''],
    ['http://localhost:5173', '', 'localhost', ':5173'],
    ['http://127.0.0.1:1337', '', '127.0.0.1', ':1337'],
    ['http://[::1]:1337', '', '[::1]', ':1337'],
  ])('%s is %s + %s + %s', (origin, prefix, registrable, port) => {
    const parts = originParts(origin)
    expect(parts).toMatchObject({ prefix, registrable, port })
    expect(parts.scheme + parts.prefix + parts.registrable + parts.port).toBe(origin)
  })

  test('marks letters beyond a to z and shows them as punycode', () => {
    const parts = originParts(new URL('https://аpple.com').origin)
    expect(parts).toMatchObject({ international: true, registrable: 'xn--pple-43d.com' })
    expect(originParts('https://apple.com').international).toBe(false)
  })
})

describe('a capability in words', () => {
  function openai() {
    const preset = presetById('openai')
    if (preset === null) throw new Error('no preset')
    const full = serviceFromPreset(preset, { id: 'openai' })
    const capability = capabilityFromPreset(preset, 'openai-chat', { id: 'chat', service: full })
    return { capability, service: { ...full, local: false } as unknown as ServiceSummary }
  }

  test('uses the preset’s words where the rules are the preset’s', () => {
    const { capability, service } = openai()
    expect(capabilityWords(capability, service, PRESETS)).toMatchObject({
      title: 'OpenAI: Chat and responses',
      risks: ['spend'],
    })
  })

  test('tells what changes things by the catalogue: no chat, and nothing of rules that the owner wrote', () => {
    const { capability, service } = openai()
    expect(changesThings(capability, service, PRESETS)).toBe(false)
    const slack = serviceFromPreset(presetById('slack') as Preset, { id: 'slack' })
    const [made, written] = ['slack', null].map(
      (preset) => ({ ...slack, preset }) as unknown as ServiceSummary,
    )
    const values = { channel: 'C0123456789' }
    const post = capabilityFromPreset(presetById('slack') as Preset, 'slack-post', {
      id: 'c',
      service: slack,
      values,
    })
    expect(changesThings(post, made, PRESETS)).toBe(true)
    expect(changesThings(post, written, PRESETS)).toBe(false)
    expect(changesThings(post, undefined, PRESETS)).toBe(false)
    expect(changesThings(post, made, null)).toBe(false)
    // A call that makes keys, whatever else there is.
    const preset = PRESETS.find(({ credentialMinting }) => credentialMinting.length > 0) as Preset
    const pattern = preset.credentialMinting[0] as string
    const minting = { ...capability, rules: [{ effect: 'ask' as const, pattern }] }
    const summary = { ...service, preset: preset.id }
    expect(changesThings(minting, summary, PRESETS)).toBe(true)
    const denying = { ...minting, rules: [{ effect: 'deny' as const, pattern }] }
    expect(changesThings(denying, summary, PRESETS)).toBe(false)
  })

  test('says what can go wrong with the service, whoever wrote the rules, and nothing of one that is in no catalogue', () => {
    const jan = presetById('jan') as Preset
    const service = { ...serviceFromPreset(jan, { id: 'jan' }), local: true } as unknown as ServiceSummary
    const made = capabilityFromPreset(jan, 'jan-models', { id: 'c', service })
    for (const capability of [made, { ...made, rules: [] }])
      expect(capabilityWords(capability, service, PRESETS).hazards).toEqual(jan.hazards)
    expect(capabilityWords(made, { ...service, preset: null }, PRESETS).hazards).toEqual([])
  })

  test('shows rules the owner wrote as they are, and takes them for spending and writing', () => {
    const { capability, service } = openai()
    const rules = [...capability.rules, { effect: 'allow' as const, pattern: 'DELETE /v1/files/*' }]
    const words = capabilityWords({ ...capability, rules }, service, PRESETS)
    expect(words.risks).toEqual(['spend', 'write'])
    expect(words.text).toContain('DELETE /v1/files/*')
  })

  test('says of each rule that asks that it asks', () => {
    const { capability, service } = openai()
    const rules = [
      { effect: 'allow' as const, pattern: 'GET /v1/files' },
      { effect: 'ask' as const, pattern: 'DELETE /v1/files/*' },
      { effect: 'deny' as const, pattern: '* /v1/keys' },
    ]
    expect(capabilityWords({ ...capability, rules, body: [] }, service, PRESETS).text).toBe(
      'GET /v1/files\nDELETE /v1/files/* (asks you each time)',
    )
  })

  test('says when it only reads, reaches this machine, asks, or names no model', () => {
    const { capability, service } = openai()
    const rules = [
      { effect: 'allow' as const, pattern: 'GET,HEAD /v1/models' },
      { effect: 'ask' as const, pattern: 'GET /v1/files' },
    ]
    const words = capabilityWords({ ...capability, rules, models: [] }, { ...service, local: true }, PRESETS)
    expect(words.risks).toEqual(['read', 'local', 'ask', 'no-models'])
    expect(
      capabilityWords({ ...capability, rules: [{ effect: 'allow', pattern: '* /v1' }] }, service, PRESETS)
        .risks,
    ).toEqual(['spend', 'write'])
  })

  test('says the conditions on bodies in words, but for those a preset speaks of itself', () => {
    const { capability, service } = openai()
    const body: BodyRule[] = [
      { op: 'in', pointer: '/size', values: ['a', 2] },
      { op: '<=', pointer: '/n', limit: 2 },
      { op: '<=', pointer: '/n', limit: 2, orAbsent: true },
      { op: 'absent', pointer: '/webhook' },
      { op: 'present', pointer: '/prompt' },
      { op: 'fields', only: ['model', 'file'] },
      { op: 'graphql', kind: 'query', fields: ['viewer', 'node'], names: ['A'] },
      { op: 'graphql', kind: 'mutation', fields: null, names: null },
    ]
    expect(
      capabilityWords({ ...capability, body }, service, PRESETS)
        .text.split('\n')
        .slice(1),
    ).toEqual([
      'The body’s /size must be one of: a, 2',
      'The body’s /n must be at most 2',
      'The body’s /n must be at most 2, or absent',
      'The body must not have /webhook',
      'The body must have /prompt',
      'The body may have nothing but: model, file',
      'GraphQL queries named A that ask for: viewer, node',
      'GraphQL mutations that ask for anything but the schema',
    ])
    expect(capabilityWords(capability, service, PRESETS).text).not.toContain('The body')
  })
})

describe('words', () => {
  const file = new URL('../../extension/_locales/en/messages.json', import.meta.url)
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { message: string }>

  test('every count has a text for one and a text for more', () => {
    const stems = Object.keys(messages).flatMap((name) => (name.endsWith('One') ? [name.slice(0, -3)] : []))
    expect(stems.filter((stem) => !Object.hasOwn(messages, `${stem}Other`))).toEqual([])
    expect([counted('requests', 1), counted('requests', 1200)]).toEqual(['1 call', '1,200 calls'])
  })

  test('values take their places, and markup stays text', () => {
    expect(t('serviceAndCapability', '<b>', '$1')).toBe('<b>: $1')
  })

  test('lengths of time have two units at most', () => {
    expect([durationText(0), durationText(59), durationText(3661), durationText(90_061)]).toEqual([
      '0 sec',
      '59 sec',
      '1 hr 1 min',
      '1 day 1 hr',
    ])
  })

  test('whatever was thrown, there is a sentence', () => {
    expect(refusalText(refusal('wrong-passphrase', 'x'))).toMatch(/does not open this vault/)
    expect(refusalText(refusal('in-use', 'it is in use'))).toBe('It is in use.')
    expect(refusalText(refusal('toString', ''))).toMatch(/nothing was changed/)
    expect(refusalText('odd')).toMatch(/nothing was changed/)
  })

  test('the command that mends the host is written for the system', () => {
    expect(hostCommand('install', systemOf('X11; Linux x86_64'), 'id')).toBe('./dist/valetkey install')
    expect(hostCommand('allow', 'other', 'abc')).toBe('./dist/valetkey install --extension-id abc')
    expect(hostCommand('doctor', systemOf('Windows NT 10.0'), 'id')).toBe('dist\\valetkey.cmd doctor')
  })
})
