import { describe, expect, test } from 'vitest'
import { presetFaults } from '../../scripts/check-presets.ts'
import { CapabilitySchema } from '../../shared/model/capability.ts'
import { NameSchema } from '../../shared/model/names.ts'
import type { Preset } from '../../shared/model/preset.ts'
import { ServiceSchema } from '../../shared/model/service.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { fillValues, isValue, serviceValues } from '../../shared/presets/fill-values.ts'
import { placePath } from '../../shared/presets/place-path.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import { readServiceValues, readValues } from '../../shared/presets/read-values.ts'
import { secretNames } from '../../shared/presets/secret-names.ts'

const MINTING = ['google-service-account', 'oauth2-refresh']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

function preset(id: string): Preset {
  const found = presetById(id)
  if (found === null) throw new Error(`no preset ${id}`)
  return found
}

function serviceOf(id: string, baseUrls?: string[]) {
  return serviceFromPreset(preset(id), { id: 'mine', ...(baseUrls ? { baseUrls } : {}) })
}

function patternsOf(one: Preset): string[] {
  return [
    ...one.auth.flatMap(({ paths }) => paths),
    ...one.denyAlways,
    ...one.credentialMinting,
    ...one.capabilities.flatMap((capability) => [...capability.allow, ...(capability.deny ?? [])]),
  ]
}

function isPattern(text: string): boolean {
  const [methods = '', path = '', ...rest] = text.split(' ')
  const known = methods === '*' || methods.split(',').every((method) => METHODS.includes(method))
  return (
    known && rest.length === 0 && /^(?:(?:\/[A-Za-z0-9_*.:={}@-]+)+\/?|\/)(?:\?[A-Za-z0-9_&-]*)?$/.test(path)
  )
}

/** Anything a value could be: its own example. */
function valuesOf(one: Preset): Record<string, string> {
  return Object.fromEntries((one.values ?? []).map(({ id, hint }) => [id, hint]))
}

/** Where one call of a preset's first capability would go below a base URL. */
function firstRule(id: string, baseUrl: string): string | undefined {
  const service = serviceOf(id, [baseUrl])
  const [first] = preset(id).capabilities
  const made = capabilityFromPreset(preset(id), first?.id ?? '', { id: 'chat', service })
  return made.rules.find((rule) => rule.effect === 'allow')?.pattern
}

describe.each(PRESETS.map((one) => [one.id, one] as const))('preset %s', (_id, one) => {
  test('has names the store takes and ids that are unique', () => {
    const ids = [one.id, ...one.capabilities.map((capability) => capability.id)]
    expect(ids.filter((name) => !NameSchema.safeParse(name).success)).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('writes every pattern as METHODS PATH', () => {
    expect(patternsOf(one).filter((text) => !isPattern(text))).toEqual([])
  })

  test('is what the schema of presets says', () => {
    expect(presetFaults([one])).toEqual([])
  })

  test('offers a placeholder that looks like the service’s own keys and is plainly ours', () => {
    expect(one.placeholder.toLowerCase()).toContain('valetkey')
    expect(one.placeholder.toLowerCase()).toContain('placeholder')
    // What pages hold of a service that mints is a token, and no key.
    const mints = one.auth.some(({ auth }) => MINTING.includes(auth.kind))
    const shapes = mints ? [] : (one.keys ?? []).filter(({ danger }) => danger !== 'wrong')
    const prefixes = shapes.map(({ prefix }) => prefix)
    const fits = prefixes.length === 0 || prefixes.some((prefix) => one.placeholder.startsWith(prefix))
    expect([one.placeholder, fits]).toEqual([one.placeholder, true])
  })

  test('makes a service and capabilities the schemas take unchanged', () => {
    const values = valuesOf(one)
    const baseUrls = one.baseUrls.length === 0 ? ['https://host.example/v1'] : one.baseUrls
    const service = serviceFromPreset(one, { id: 'mine', baseUrls, values })
    expect(ServiceSchema.parse(service)).toEqual(service)
    expect(JSON.stringify(service)).not.toMatch(/\{[a-z]+\}/)
    for (const offered of one.capabilities) {
      const made = capabilityFromPreset(one, offered.id, { id: `c-${offered.id}`, service, values })
      expect(CapabilitySchema.parse(made)).toEqual(made)
      expect(made.rules.some((rule) => rule.effect === 'allow')).toBe(true)
      expect(made.limits.ttl).toBe(28_800)
      expect(JSON.stringify(made)).not.toMatch(/\{[a-z]+\}/)
      expect(readValues(one, offered, service.baseUrls, made)).not.toBeNull()
    }
    // What the test call names can be read back from the service.
    const read = readServiceValues(one, service)
    expect(fillValues(one.test, serviceValues(one), read ?? {}).path).not.toMatch(/[{}]/)
  })

  test('strips every place its own schemes inject into', () => {
    for (const { auth } of one.auth) {
      if (auth.kind === 'bearer') expect(one.strip.headers).toContain('authorization')
      if (auth.kind === 'query') expect(one.strip.query).toContain(auth.param)
      if (auth.kind === 'json-field') expect(one.strip.jsonFields).toContain(auth.pointer)
      if (auth.kind === 'header') {
        for (const header of auth.headers) expect(one.strip.headers).toContain(header.name)
      }
    }
  })

  test('has values whose shapes take their own example and nothing that means more in a rule', () => {
    for (const value of one.values ?? []) {
      expect(isValue(value, value.hint)).toBe(true)
      for (const odd of [
        '',
        '*',
        '**',
        'a/b',
        'a?b',
        'a%2fb',
        '{x}',
        `${value.hint}/..`,
        `${value.hint}*`,
        `${value.hint} `,
      ]) {
        expect([odd, isValue(value, odd)]).toEqual([odd, false])
      }
    }
  })
})

test('a fault in a preset is told with its place, and stops the build', () => {
  const [first] = PRESETS
  if (first === undefined) throw new Error('there are no presets')
  const bad = { ...first, capabilities: [{ ...first.capabilities[0], risk: 'none' }], more: 1 }
  const faults = presetFaults([bad as unknown as Preset, first, first])
  expect(faults.join('\n')).toContain(`preset \`${first.id}\` at \`capabilities.0.risk\``)
  expect(faults.join('\n')).toContain('at ``: unrecognized_keys more')
  expect(faults.join('\n')).toContain('twice')
})

describe('placing paths below a base URL', () => {
  test.each([
    ['openai-compatible', 'https://host', '/v1/models', '/v1/models'],
    ['openai-compatible', 'https://host/v1', '/v1/models', '/v1/models'],
    ['openai-compatible', 'https://host/openai/v1', '/v1/models', '/openai/v1/models'],
    ['openai-compatible', 'https://host/v1beta/openai', '/v1/models', '/v1beta/openai/models'],
    ['openai-compatible', 'https://host/api/xv1', '/v1/models', '/api/xv1/models'],
    ['openai', 'https://host/openai', '/v1/models', '/openai/v1/models'],
    ['openai', 'https://host/gate/v1', '/v1/**', '/gate/v1/**'],
    ['anthropic', 'https://host/anthropic', '/v1/messages', '/anthropic/v1/messages'],
    ['anthropic', 'https://host/anthropic', '/**', '/**'],
    ['modelslab', 'https://host/api', '/api/v6/images/fetch', '/api/v6/images/fetch'],
  ])('%s at %s puts %s at %s', (id, baseUrl, path, placed) => {
    expect(placePath(preset(id), baseUrl, path)).toBe(placed)
  })

  test('the rules, not only the test call, follow the base URL', () => {
    expect(firstRule('openai-compatible', 'https://host/openai/v1')).toBe('POST /openai/v1/chat/completions')
    expect(firstRule('openai', 'https://api.openai.com')).toBe('POST /v1/chat/completions')
  })

  test('several base URLs give each its rules, without repeats', () => {
    const service = serviceOf('openai-compatible', ['https://a/v1', 'https://b/v1', 'https://c/x/v1'])
    const made = capabilityFromPreset(preset('openai-compatible'), 'oai-models', { id: 'm', service })
    expect(made.rules.map((rule) => rule.pattern)).toEqual([
      'GET,HEAD /v1/models',
      'GET,HEAD /v1/models/*',
      'GET,HEAD /x/v1/models',
      'GET,HEAD /x/v1/models/*',
    ])
  })

  test('a denial stays as written too, so that an odd base path does not slip past it', () => {
    const service = serviceOf('modelslab', ['https://modelslab.com/api/v6'])
    expect(service.denyAlways).toContain('* /api/v*/delete_image')
  })

  test('a trailing slash is dropped and the base path kept', () => {
    expect(serviceOf('openai-compatible', ['https://host/openai/v1/']).baseUrls).toEqual([
      'https://host/openai/v1',
    ])
  })
})

describe('what the owner says beside the preset', () => {
  test('a template without a base URL is refused with what to type', () => {
    expect(() => serviceOf('openai-compatible')).toThrow('needs a base URL such as `https://host/v1`')
  })

  test('a service that can do without a key is made without one; another is refused', () => {
    const jan = serviceFromPreset(preset('jan'), { id: 'jan', keyless: true })
    expect(jan.auth).toEqual([{ paths: ['* /**'], auth: { kind: 'none' } }])
    expect(() => serviceFromPreset(preset('openai'), { id: 'o', keyless: true })).toThrow('needs a key')
  })

  test('what is local is at a literal address of this machine, and says so', () => {
    expect(serviceOf('jan').local).toEqual({ address: null })
    expect(serviceOf('openai').local).toBeNull()
    for (const { local, label, baseUrls } of PRESETS) {
      const isLoopback = baseUrls.some((url) => url.startsWith('http://127.0.0.1:'))
      expect([label, isLoopback]).toEqual([label, local])
      expect([label, /this machine/.test(label)]).toEqual([label, local])
    }
  })

  test('a capability that asks for models and gets none allows none; named ones are kept', () => {
    const service = serviceOf('jan')
    const make = (models?: string[]) =>
      capabilityFromPreset(preset('jan'), 'jan-chat', { id: 'c', service, ...(models ? { models } : {}) })
    expect(make().models).toEqual([])
    expect(make(['qwen3-8b']).models).toEqual(['qwen3-8b'])
  })

  test('models named for a service with several capabilities leave those alone that do not ask for any', () => {
    const service = serviceOf('modelslab')
    const models = ['flux']
    const make = (id: string) => capabilityFromPreset(preset('modelslab'), id, { id: 'c', service, models })
    expect(make('modelslab-image').models).toEqual(['flux'])
    expect(make('modelslab-poll').models).toBeNull()
  })

  test('fields that a service denies to all are denied by its capabilities where it was stored before it could say so', () => {
    const { denyFields, ...older } = serviceOf('modelslab')
    const make = (service: typeof older) =>
      capabilityFromPreset(preset('modelslab'), 'modelslab-poll', { id: 'c', service }).body
    expect(make({ ...older, ...(denyFields === undefined ? {} : { denyFields }) })).toEqual([])
    expect(make(older)).toEqual([
      { op: 'absent', pointer: '/webhook' },
      { op: 'absent', pointer: '/track_id' },
    ])
  })

  test('all sites together leave ModelsLab’s queue of five to the account, images and chat counted together', () => {
    const service = serviceFromPreset(preset('modelslab'), { id: 's' })
    const inAll = ['modelslab-image', 'modelslab-llm'].map((id) => {
      const { limits } = capabilityFromPreset(preset('modelslab'), id, { id: 'c', service })
      expect(limits.concurrent).toBeLessThanOrEqual(limits.concurrentInAll ?? 0)
      return limits.concurrentInAll ?? Number.POSITIVE_INFINITY
    })
    expect(inAll.reduce((one, other) => one + other)).toBeLessThanOrEqual(5)
  })

  test('an unknown capability is refused and the known ones are named', () => {
    const service = serviceOf('anthropic')
    expect(() => capabilityFromPreset(preset('anthropic'), 'chat', { id: 'c', service })).toThrow(
      '`anthropic-messages`',
    )
  })

  test('two services from one preset share no lists', () => {
    const first = serviceOf('openai')
    first.strip.headers.push('x-mine')
    first.allowHeaders.push('x-mine')
    expect(serviceOf('openai').strip.headers).not.toContain('x-mine')
    expect(serviceOf('openai').allowHeaders).not.toContain('x-mine')
  })
})

describe('secrets', () => {
  test('ModelsLab’s three schemes share one key', () => {
    expect(secretNames(preset('modelslab').auth)).toEqual(['value'])
    expect(preset('modelslab').auth.map(({ auth }) => auth.kind)).toEqual(['json-field', 'bearer', 'query'])
  })

  test('the main secret is named as the command line names it', () => {
    expect(secretNames(preset('openai').auth)).toEqual(['token'])
    expect(secretNames(preset('anthropic').auth)).toEqual(['value'])
    expect(secretNames([{ auth: { kind: 'none' } }])).toEqual([])
  })
})

test('a service made from a preset for any server is called after its host, and others after their preset', () => {
  const preset = presetById('openai-compatible')
  const jan = presetById('jan')
  if (preset === null || jan === null) throw new Error('no such preset')
  const local = { baseUrls: ['http://127.0.0.1:4000/v1'], local: { address: null } }
  expect(serviceFromPreset(preset, { id: 'a', ...local }).label).toBe('127.0.0.1:4000')
  expect(serviceFromPreset(preset, { id: 'a', label: 'Mine', ...local }).label).toBe('Mine')
  expect(serviceFromPreset(jan, { id: 'b' }).label).toBe(jan.label)
})

test('presets are offered in the order in which a reader of English looks for them', () => {
  const labels = PRESETS.map(({ label }) => label)
  expect(labels).toEqual(labels.toSorted((one, other) => one.localeCompare(other, 'en')))
})
