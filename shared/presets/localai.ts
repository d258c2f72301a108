import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * LocalAI (localai.io; source at 82c191afa, August 2026). It listens on every interface unless told otherwise.
 * SECURITY: its proxy fetches any address, and its galleries install models.
 */
export const LOCALAI = definePreset({
  id: 'localai',
  label: 'LocalAI (on this machine)',
  baseUrls: ['http://127.0.0.1:8080'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'x-api-key', 'xi-api-key', 'origin', 'referer', 'cookie'] },
  denyAlways: ['* /api/cors-proxy', '* /api/cors-proxy/**', '* /models/**', '* /backends/**'],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'localai-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of the server and lists the models.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/completions',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'localai-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models.',
      risk: 'spend',
      allow: ['POST /v1/embeddings', 'GET,HEAD /v1/models'],
    },
    {
      id: 'localai-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: [
    'It listens on every network unless told otherwise: start it with an address of this machine and with LOCALAI_API_KEY.',
  ],
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
    'localai-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/completions',
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
        ],
        'always-denied': [
          'GET /api/cors-proxy?url=http%3A%2F%2F10.0.0.1',
          'POST /models/apply',
          'POST /backends/apply',
        ],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'localai-embed': {
      allow: [['POST /v1/embeddings', { model: 'm', input: 'a' }], 'GET /v1/models'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'GET /v1/models/m', 'DELETE /v1/embeddings'] },
    },
    'localai-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/m', 'GET /v1/models/m'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /v1/models', 'DELETE /v1/models/m'] },
    },
  },
}
