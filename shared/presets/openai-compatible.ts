import type { Preset } from '../model/preset.ts'

/**
 * Any server that speaks OpenAI's chat interface. The owner gives the base URL in the form client libraries take it,
 * usually ending in `/v1`; `place-pattern.ts` puts the paths below it.
 */
export const OPENAI_COMPATIBLE: Preset = {
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
}
