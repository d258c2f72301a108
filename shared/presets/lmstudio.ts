import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * LM Studio (lmstudio.ai/docs/developer, 2026). Keys are off unless switched on. SECURITY: `integrations` would let
 * a chat use the tool servers its owner set up; loading models is its owner’s.
 */
export const LMSTUDIO = definePreset({
  id: 'lmstudio',
  label: 'LM Studio (on this machine)',
  baseUrls: ['http://127.0.0.1:1234'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'origin', 'referer', 'cookie'] },
  denyAlways: [
    '* /api/v1/models/download',
    '* /api/v1/models/download/**',
    '* /api/v1/models/load',
    '* /api/v1/models/unload',
  ],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'lmstudio-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of the server and lists the models.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/messages',
        'POST /api/v0/chat/completions',
        'POST /api/v1/chat',
        'GET,HEAD /v1/models',
        'GET,HEAD /api/v0/models',
        'GET,HEAD /api/v0/models/*',
        'GET,HEAD /api/v1/models',
      ],
      body: [{ op: 'absent', pointer: '/integrations' }],
    },
    {
      id: 'lmstudio-models',
      label: 'List models only',
      description: 'Sees which models the server has.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /api/v0/models'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: ['Switch its keys on, or any program on this machine can use it.'],
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
    'lmstudio-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/messages',
        'POST /api/v0/chat/completions',
        ['POST /api/v1/chat', { model: 'm', input: 'a' }],
        'GET /v1/models',
        'GET /api/v0/models',
        'GET /api/v0/models/m',
        'GET /api/v1/models',
      ],
      deny: {
        'body-rule': [['POST /api/v1/chat', { model: 'm', integrations: ['mcp/files'] }]],
        'always-denied': [
          'POST /api/v1/models/download',
          'POST /api/v1/models/load',
          'POST /api/v1/models/unload',
        ],
        'no-rule': ['DELETE /v1/models', 'PUT /api/v1/chat'],
        'url-unsafe': ['POST /api/v1/%2e%2e/v1/models/load'],
      },
    },
    'lmstudio-models': {
      allow: ['GET /v1/models', 'GET /api/v0/models'],
      deny: {
        'no-rule': ['POST /v1/chat/completions', 'GET /api/v1/models'],
        'always-denied': ['POST /api/v1/models/load'],
      },
    },
  },
}
