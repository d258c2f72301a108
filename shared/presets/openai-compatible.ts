import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Any server that speaks OpenAI's chat interface. The owner gives the base URL in the form client libraries take it,
 * usually ending in `/v1`; `place-pattern.ts` puts the paths below it.
 */
export const OPENAI_COMPATIBLE = definePreset({
  id: 'openai-compatible',
  label: 'Any OpenAI-compatible server',
  baseUrls: [],
  baseUrlHint: 'https://host/v1',
  local: false,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: {
    headers: ['authorization', 'x-api-key', 'openai-organization', 'openai-project'],
    query: [],
    jsonFields: [],
  },
  requiredHeaders: {},
  allowHeaders: ['openai-beta'],
  denyAlways: [],
  credentialMinting: ['POST /v1/realtime/**', 'POST /v1/chatkit/sessions'],
  placeholder: 'sk-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: '',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'oai-chat',
      label: 'Chat only',
      description: 'Sends prompts to any model of the server and lists the models. Calls may cost.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'oai-embed',
      label: 'Embeddings only',
      description: 'Turns text into vectors and lists the models. Calls may cost.',
      risk: 'spend',
      allow: ['POST /v1/embeddings', 'GET,HEAD /v1/models'],
    },
    {
      id: 'oai-models',
      label: 'List models only',
      description: 'Sees which models the server has. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: ['Whoever runs this address receives your key and the prompts: check its spelling.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  baseUrl: 'https://host.example/openai/v1',
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
    'oai-chat': {
      allow: [
        ['POST https://host.example/openai/v1/chat/completions', { model: 'a' }],
        'POST https://host.example/openai/v1/responses',
        'GET https://host.example/openai/v1/models',
        'GET https://host.example/openai/v1/models/a',
      ],
      deny: {
        'no-rule': [
          'POST https://host.example/openai/v1/files',
          'DELETE https://host.example/openai/v1/models/a',
        ],
        'other-service': ['POST https://host.example/v1/chat/completions'],
        'credential-minting': ['POST https://host.example/openai/v1/realtime/client_secrets'],
      },
    },
    'oai-embed': {
      allow: ['POST https://host.example/openai/v1/embeddings', 'GET https://host.example/openai/v1/models'],
      deny: {
        'no-rule': [
          'POST https://host.example/openai/v1/chat/completions',
          'GET https://host.example/openai/v1/models/a',
          'PUT https://host.example/openai/v1/embeddings',
        ],
      },
    },
    'oai-models': {
      allow: [
        'GET https://host.example/openai/v1/models',
        'HEAD https://host.example/openai/v1/models/a',
        'GET https://host.example/openai/v1/models/a',
      ],
      deny: {
        'no-rule': [
          'POST https://host.example/openai/v1/chat/completions',
          'DELETE https://host.example/openai/v1/models/a',
          'POST https://host.example/openai/v1/models',
        ],
      },
    },
  },
}
