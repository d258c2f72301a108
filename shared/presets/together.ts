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
