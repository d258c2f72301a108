import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /user/balance', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"is_available":true,"balance_infos":[]}', 'accepted'],
    [
      401,
      '{"error": {"message": "Authentication Fails (no such user)", "type": "invalid_request_error", "code": "invalid_request_error"}}',
      'key-refused',
    ],
    [
      402,
      '{"error": {"message": "Insufficient Balance", "type": "invalid_request_error", "code": "insufficient_balance"}}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['sk-{HEX 32}', 'sk-{HEX 31}', 'sk-{HEX 33}'] },
  capabilities: {
    'deepseek-chat': {
      allow: [
        ['POST /chat/completions', { model: 'm', messages: [] }],
        'POST /v1/chat/completions',
        'POST /beta/completions',
        'POST /anthropic/v1/messages',
        'GET /models',
        'GET /v1/models',
      ],
      deny: {
        'no-rule': ['GET /user/balance', 'DELETE /models', 'GET /chat/completions', 'POST /v1/files'],
        'url-unsafe': ['POST /chat/%2E%2E/user'],
      },
    },
    'deepseek-models': {
      allow: ['GET /models', 'GET /v1/models'],
      deny: { 'no-rule': ['POST /chat/completions', 'GET /user/balance', 'POST /models'] },
    },
  },
}
