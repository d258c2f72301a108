import { definePreset } from './define-preset.ts'

/**
 * DeepSeek (api-docs.deepseek.com, 2026): the paths of OpenAI with and without /v1, and those of Anthropic. Out of
 * credit is answered with 402.
 */
export const DEEPSEEK = definePreset({
  id: 'deepseek',
  label: 'DeepSeek',
  baseUrls: ['https://api.deepseek.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'x-api-key'] },
  placeholder: 'sk-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'sk-…',
  createKeyUrl: 'https://platform.deepseek.com/api_keys',
  keys: [{ prefix: 'sk-', rest: '[a-f0-9]{32}', name: 'API key', shared: true }],
  capabilities: [
    {
      id: 'deepseek-chat',
      label: 'Chat',
      description: 'Sends prompts to any model and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /chat/completions',
        'POST /v1/chat/completions',
        'POST /beta/completions',
        'POST /anthropic/v1/messages',
        'GET,HEAD /models',
        'GET,HEAD /v1/models',
      ],
    },
    {
      id: 'deepseek-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /models', 'GET,HEAD /v1/models'],
    },
  ],
  test: { method: 'GET', path: '/user/balance', ok: 'status' },
  hazards: ['Its keys look like older keys of others: look twice that this one is DeepSeek’s.'],
})
