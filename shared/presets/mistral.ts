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
