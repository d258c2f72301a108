import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Together AI (docs.together.ai, 2026).
 */
export const TOGETHER = definePreset({
  id: 'together',
  label: 'Together AI',
  baseUrls: ['https://api.together.ai', 'https://api.together.xyz'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  placeholder: 'tgp_v1_valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'tgp_v1_…',
  createKeyUrl: 'https://api.together.ai/settings/api-keys',
  keys: [{ prefix: 'tgp_v1_', rest: '[A-Za-z0-9_-]{40,}', name: 'API key' }],
  capabilities: [
    {
      id: 'together-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/images/generations',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'together-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /v1/embeddings', 'GET,HEAD /v1/models'],
    },
    {
      id: 'together-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/models', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[{"id":"m","object":"model"}]}', 'accepted'],
    [
      401,
      '{"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}',
      'key-refused',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['tgp_v1_{ALNUM 43}', 'tgp_v1_{ALNUM 39}'] },
  capabilities: {
    'together-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/images/generations',
        'GET /v1/models',
        'GET /v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /v1/files',
          'DELETE /v1/models/m',
          'PUT /v1/chat/completions',
          'POST /v1/fine_tuning/jobs',
          'GET /v1/organization/costs',
          'POST /v1/endpoints',
          'POST /v1/files/upload',
        ],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'together-embed': {
      allow: [['POST /v1/embeddings', { model: 'm', input: 'a' }], 'GET /v1/models'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'GET /v1/models/m', 'DELETE /v1/embeddings'] },
    },
    'together-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/m', 'GET /v1/models/m'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /v1/models', 'DELETE /v1/models/m'] },
    },
  },
}
