import { definePreset } from './define-preset.ts'

/**
 * xAI (docs.x.ai, 2026). A wrong key is answered with 400. The key’s own record names team and user: for the test,
 * not for sites.
 */
export const XAI = definePreset({
  id: 'xai',
  label: 'xAI',
  baseUrls: ['https://api.x.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'x-api-key', 'openai-organization', 'openai-project'] },
  denyAlways: ['* /v1/api-key'],
  placeholder: 'xai-valetkeyPlaceholderTheRealKeyStaysOnYourOwnMachine000',
  keyHint: 'xai-…',
  createKeyUrl: 'https://console.x.ai',
  keys: [{ prefix: 'xai-', rest: '[A-Za-z0-9]{40,}', name: 'API key' }],
  capabilities: [
    {
      id: 'xai-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/messages',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'xai-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: {
    method: 'GET',
    path: '/v1/api-key',
    ok: 'status',
    answers: [{ status: 400, holds: 'api key', means: 'key-refused' }],
  },
})
