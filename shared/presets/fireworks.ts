import { definePreset } from './define-preset.ts'

/**
 * Fireworks AI (docs.fireworks.ai, 2026). Accounts, deployments and keys are below /v1/accounts, outside of
 * /inference.
 */
export const FIREWORKS = definePreset({
  id: 'fireworks',
  label: 'Fireworks AI',
  baseUrls: ['https://api.fireworks.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  denyAlways: ['* /v1/accounts/**'],
  placeholder: 'fw_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'fw_…',
  createKeyUrl: 'https://app.fireworks.ai/settings/users/api-keys',
  keys: [{ prefix: 'fw_', rest: '[A-Za-z0-9]{20,}', name: 'API key' }],
  capabilities: [
    {
      id: 'fireworks-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /inference/v1/chat/completions',
        'POST /inference/v1/responses',
        'POST /inference/v1/completions',
        'GET,HEAD /inference/v1/models',
        'GET,HEAD /inference/v1/models/*',
      ],
    },
    {
      id: 'fireworks-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /inference/v1/embeddings', 'GET,HEAD /inference/v1/models'],
    },
    {
      id: 'fireworks-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /inference/v1/models', 'GET,HEAD /inference/v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/inference/v1/models', ok: 'status' },
})
