import { describe, expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decide } from '../../native-host/policy/decide.ts'
import { checkCapability, checkService } from '../../native-host/policy/validate.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { capabilityFromPreset, serviceFromPreset } from '../../shared/presets/preset-to-service.ts'

/** What the host would decide about a call, for a capability made of a preset. */
function decided(
  presetId: string,
  capabilityId: string,
  method: string,
  url: string,
  body?: unknown,
): string {
  const preset = presetById(presetId)
  if (preset === null) throw new Error(`no preset ${presetId}`)
  const baseUrls = preset.baseUrls.length === 0 ? ['https://host.example/openai/v1'] : preset.baseUrls
  const service = serviceFromPreset(preset, { id: 'mine', baseUrls })
  const capability = capabilityFromPreset(preset, capabilityId, { id: 'c', service, models: ['listed'] })
  const headers: [string, string][] = body === undefined ? [] : [['content-type', 'application/json']]
  const made = canonicalise({ method, url, headers }, service)
  if ('refused' in made) return made.refused
  const bytes = body === undefined ? null : new TextEncoder().encode(JSON.stringify(body))
  const { effect, reason } = decide(made.request, bytes, capability, service)
  return effect === 'allow' ? 'allow' : reason
}

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))(
  'the host on preset %s',
  (_id, preset) => {
    test('takes its service and every capability of it', () => {
      const baseUrls = preset.baseUrls.length === 0 ? ['https://host.example/v1'] : preset.baseUrls
      const service = serviceFromPreset(preset, { id: 'mine', baseUrls })
      expect(() => checkService(service)).not.toThrow()
      for (const { id } of preset.capabilities) {
        expect(() =>
          checkCapability(capabilityFromPreset(preset, id, { id: 'c', service }), service),
        ).not.toThrow()
      }
    })
  },
)

describe('what the presets let through', () => {
  const IMAGES = 'https://modelslab.com/api/v6/images/text2img'
  const JAN = 'http://127.0.0.1:1337/v1'
  test.each([
    [
      'openai',
      'openai-chat',
      'POST',
      'https://api.openai.com/v1/chat/completions',
      { model: 'any' },
      'allow',
    ],
    ['openai', 'openai-chat', 'POST', 'https://api.openai.com/v1/files', {}, 'no-rule'],
    ['openai', 'openai-read', 'GET', 'https://api.openai.com/v1/organization/users', undefined, 'rule-deny'],
    [
      'openai',
      'openai-chat',
      'POST',
      'https://api.openai.com/v1/realtime/client_secrets',
      {},
      'credential-minting',
    ],
    ['openai-compatible', 'oai-chat', 'POST', 'https://host.example/openai/v1/chat/completions', {}, 'allow'],
    [
      'openai-compatible',
      'oai-chat',
      'POST',
      'https://host.example/v1/chat/completions',
      {},
      'other-service',
    ],
    ['jan', 'jan-chat', 'POST', `${JAN}/chat/completions`, { model: 'listed' }, 'allow'],
    ['jan', 'jan-chat', 'POST', `${JAN}/chat/completions`, { model: 'openai/gpt' }, 'model-not-listed'],
    ['jan', 'jan-chat', 'POST', `${JAN}/orchestrations`, { model: 'listed' }, 'always-denied'],
    ['modelslab', 'modelslab-image', 'POST', IMAGES, { model_id: 'listed', prompt: 'a cat' }, 'allow'],
    ['modelslab', 'modelslab-image', 'POST', IMAGES, { model_id: 'listed', samples: 4 }, 'body-rule'],
    [
      'modelslab',
      'modelslab-image',
      'POST',
      IMAGES,
      { model_id: 'listed', webhook: 'https://x' },
      'body-rule',
    ],
    ['modelslab', 'modelslab-image', 'POST', IMAGES, { model_id: 'other' }, 'model-not-listed'],
    ['modelslab', 'modelslab-poll', 'POST', 'https://modelslab.com/api/v6/images/fetch/12', {}, 'allow'],
    [
      'modelslab',
      'modelslab-image',
      'POST',
      'https://modelslab.com/api/agents/v1/api-keys',
      {},
      'always-denied',
    ],
    ['modelslab', 'modelslab-models', 'GET', 'https://modelslab.com/api/v7/models', undefined, 'allow'],
  ] as const)('%s, %s: %s %s with %j is %s', (preset, capability, method, url, body, expected) => {
    expect(decided(preset, capability, method, url, body)).toBe(expected)
  })
})
