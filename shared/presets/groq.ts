import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Groq (console.groq.com/docs, 2026). It has no embeddings, so no capability offers them.
 */
export const GROQ = definePreset({
  id: 'groq',
  label: 'Groq',
  baseUrls: ['https://api.groq.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  placeholder: 'gsk_valetkeyPlaceholderTheRealKeyStaysOnYourMachine00',
  keyHint: 'gsk_…',
  createKeyUrl: 'https://console.groq.com/keys',
  keys: [{ prefix: 'gsk_', rest: '[A-Za-z0-9]{40,}', name: 'API key' }],
  capabilities: [
    {
      id: 'groq-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /openai/v1/chat/completions',
        'POST /openai/v1/responses',
        'POST /openai/v1/audio/transcriptions',
        'GET,HEAD /openai/v1/models',
        'GET,HEAD /openai/v1/models/*',
      ],
    },
    {
      id: 'groq-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /openai/v1/models', 'GET,HEAD /openai/v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/openai/v1/models', ok: 'status' },
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /openai/v1/models', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[{"id":"m","object":"model"}]}', 'accepted'],
    [
      401,
      '{"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}',
      'key-refused',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['gsk_{ALNUM 52}', 'gsk_{ALNUM 39}', 'gsk-{ALNUM 52}'] },
  capabilities: {
    'groq-chat': {
      allow: [
        ['POST /openai/v1/chat/completions', { model: 'm', messages: [] }],
        'POST /openai/v1/responses',
        'POST /openai/v1/audio/transcriptions',
        'GET /openai/v1/models',
        'GET /openai/v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /openai/v1/files',
          'DELETE /openai/v1/models/m',
          'PUT /openai/v1/chat/completions',
          'POST /openai/v1/fine_tuning/jobs',
          'GET /openai/v1/organization/costs',
          'POST /openai/v1/batches',
        ],
        'url-unsafe': ['POST /openai/v1/chat/%2e%2e/files'],
      },
    },
    'groq-models': {
      allow: ['GET /openai/v1/models', 'HEAD /openai/v1/models/m', 'GET /openai/v1/models/m'],
      deny: {
        'no-rule': [
          'POST /openai/v1/chat/completions',
          'POST /openai/v1/models',
          'DELETE /openai/v1/models/m',
        ],
      },
    },
  },
}
