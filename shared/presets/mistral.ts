import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Mistral AI (docs.mistral.ai/api, 2026). The regional hosts answer the same paths.
 */
export const MISTRAL = definePreset({
  id: 'mistral',
  label: 'Mistral AI',
  baseUrls: ['https://api.mistral.ai', 'https://api.eu.mistral.ai', 'https://api.us.mistral.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '32 letters and digits',
  createKeyUrl: 'https://console.mistral.ai/api-keys',
  capabilities: [
    {
      id: 'mistral-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/fim/completions',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'mistral-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /v1/embeddings', 'GET,HEAD /v1/models'],
    },
    {
      id: 'mistral-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: ['The key has no mark of its own: look twice that it is Mistral’s.'],
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
  capabilities: {
    'mistral-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/fim/completions',
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
          'POST /v1/agents',
          'POST /v1/conversations',
        ],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'mistral-embed': {
      allow: [['POST /v1/embeddings', { model: 'm', input: 'a' }], 'GET /v1/models'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'GET /v1/models/m', 'DELETE /v1/embeddings'] },
    },
    'mistral-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/m', 'GET /v1/models/m'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /v1/models', 'DELETE /v1/models/m'] },
    },
  },
}
