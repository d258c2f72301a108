import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * OpenRouter (openrouter.ai/docs, 2026). The list of models is public, so it shows nothing of a key: the test asks
 * for the key’s own record. SECURITY: keys that make keys look like all others.
 */
export const OPENROUTER = definePreset({
  id: 'openrouter',
  label: 'OpenRouter',
  baseUrls: ['https://openrouter.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'] },
  allowHeaders: ['http-referer', 'x-title'],
  denyAlways: ['* /api/v1/keys/**'],
  credentialMinting: ['POST /api/v1/keys', 'POST /api/v1/auth/keys', 'POST /api/v1/auth/keys/**'],
  placeholder: 'sk-or-v1-valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'sk-or-v1-…',
  createKeyUrl: 'https://openrouter.ai/settings/keys',
  keys: [{ prefix: 'sk-or-v', rest: '\\d+-[A-Za-z0-9]{32,}', name: 'API key' }],
  capabilities: [
    {
      id: 'openrouter-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /api/v1/chat/completions',
        'POST /api/v1/responses',
        'GET,HEAD /api/v1/models',
        'GET,HEAD /api/v1/models/*',
      ],
    },
    {
      id: 'openrouter-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /api/v1/embeddings', 'GET,HEAD /api/v1/models'],
    },
    {
      id: 'openrouter-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /api/v1/models', 'GET,HEAD /api/v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/api/v1/key', ok: 'status' },
  hazards: ['A provisioning key can make further keys: store an ordinary one, with a limit on credit.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /api/v1/key', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"data":{"label":"sk-or-v1-0e6...1c96","limit":1}}', 'accepted'],
    [401, '{"error":{"message":"User not found.","code":401}}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['sk-or-v1-{HEX 64}', 'sk-or-{HEX 64}', 'sk-or-v1-{HEX 31}'] },
  capabilities: {
    'openrouter-chat': {
      allow: [
        ['POST /api/v1/chat/completions', { model: 'm', messages: [] }],
        'POST /api/v1/responses',
        'GET /api/v1/models',
        'GET /api/v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /api/v1/files',
          'DELETE /api/v1/models/m',
          'PUT /api/v1/chat/completions',
          'POST /api/v1/fine_tuning/jobs',
          'GET /api/v1/organization/costs',
          'GET /api/v1/credits',
        ],
        'always-denied': ['GET /api/v1/keys', 'DELETE /api/v1/keys/k', 'POST /api/v1/keys'],
        'credential-minting': ['POST /api/v1/auth/keys'],
        'url-unsafe': ['POST /api/v1/chat/%2e%2e/files'],
      },
    },
    'openrouter-embed': {
      allow: [['POST /api/v1/embeddings', { model: 'm', input: 'a' }], 'GET /api/v1/models'],
      deny: {
        'no-rule': ['POST /api/v1/chat/completions', 'GET /api/v1/models/m', 'DELETE /api/v1/embeddings'],
      },
    },
    'openrouter-models': {
      allow: ['GET /api/v1/models', 'HEAD /api/v1/models/m', 'GET /api/v1/models/m'],
      deny: {
        'no-rule': ['POST /api/v1/chat/completions', 'POST /api/v1/models', 'DELETE /api/v1/models/m'],
      },
    },
  },
}
