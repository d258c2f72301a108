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
