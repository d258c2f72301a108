import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Fireworks AI (docs.fireworks.ai, 2026). Accounts, deployments and keys are below /v1/accounts, outside of
 * /inference.
 */
export const FIREWORKS = definePreset({
  id: 'fireworks',
  label: 'Fireworks AI',
  baseUrls: ['https://api.fireworks.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  denyAlways: ['* /v1/accounts/**'],
  placeholder: 'fw_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'fw_…',
  createKeyUrl: 'https://app.fireworks.ai/settings/users/api-keys',
  keys: [{ prefix: 'fw_', rest: '[A-Za-z0-9]{20,}', name: 'API key' }],
  capabilities: [
    {
      id: 'fireworks-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /inference/v1/chat/completions',
        'POST /inference/v1/responses',
        'POST /inference/v1/completions',
        'GET,HEAD /inference/v1/models',
        'GET,HEAD /inference/v1/models/*',
      ],
    },
    {
      id: 'fireworks-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /inference/v1/embeddings', 'GET,HEAD /inference/v1/models'],
    },
    {
      id: 'fireworks-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /inference/v1/models', 'GET,HEAD /inference/v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/inference/v1/models', ok: 'status' },
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /inference/v1/models', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[{"id":"m","object":"model"}]}', 'accepted'],
    [401, '{"error":"unauthorized"}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['fw_{ALNUM 24}', 'fw_{ALNUM 19}'] },
  capabilities: {
    'fireworks-chat': {
      allow: [
        ['POST /inference/v1/chat/completions', { model: 'm', messages: [] }],
        'POST /inference/v1/responses',
        'POST /inference/v1/completions',
        'GET /inference/v1/models',
        'GET /inference/v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /inference/v1/files',
          'DELETE /inference/v1/models/m',
          'PUT /inference/v1/chat/completions',
          'POST /inference/v1/fine_tuning/jobs',
          'GET /inference/v1/organization/costs',
        ],
        'always-denied': ['GET /v1/accounts/a/users/u/apiKeys', 'POST /v1/accounts/a/deployments'],
        'url-unsafe': ['POST /inference/v1/chat/%2e%2e/files'],
      },
    },
    'fireworks-embed': {
      allow: [['POST /inference/v1/embeddings', { model: 'm', input: 'a' }], 'GET /inference/v1/models'],
      deny: {
        'no-rule': [
          'POST /inference/v1/chat/completions',
          'GET /inference/v1/models/m',
          'DELETE /inference/v1/embeddings',
        ],
      },
    },
    'fireworks-models': {
      allow: ['GET /inference/v1/models', 'HEAD /inference/v1/models/m', 'GET /inference/v1/models/m'],
      deny: {
        'no-rule': [
          'POST /inference/v1/chat/completions',
          'POST /inference/v1/models',
          'DELETE /inference/v1/models/m',
        ],
      },
    },
  },
}
