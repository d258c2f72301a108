import { definePreset } from './define-preset.ts'

/**
 * Groq (console.groq.com/docs, 2026). It has no embeddings.
 */
export const GROQ = definePreset({
  id: 'groq',
  label: 'Groq',
  baseUrls: ['https://api.groq.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  placeholder: 'gsk_valetkeyPlaceholderTheRealKeyStaysOnYourMachine00',
  keyHint: 'gsk_…',
  createKeyUrl: 'https://console.groq.com/keys',
  keys: [{ prefix: 'gsk_', rest: '[A-Za-z0-9]{40,}', name: 'API key' }],
  capabilities: [
    {
      id: 'groq-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /openai/v1/chat/completions',
        'POST /openai/v1/responses',
        'POST /openai/v1/audio/transcriptions',
        'GET,HEAD /openai/v1/models',
        'GET,HEAD /openai/v1/models/*',
      ],
    },
    {
      id: 'groq-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /openai/v1/models', 'GET,HEAD /openai/v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/openai/v1/models', ok: 'status' },
})
