import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * xAI (docs.x.ai, 2026). A wrong key is answered with 400. The key’s own record names team and user: for the test,
 * not for sites. Its list of endpoints (REST API reference, "Inference") has no embeddings, so no capability offers them.
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/api-key', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"redacted_api_key":"xai-...b14o","acls":["api-key:model:*"]}', 'accepted'],
    [
      400,
      '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***ey."}',
      'key-refused',
    ],
    [403, '{"code":"The caller does not have permission","error":"blocked"}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['xai-{ALNUM 80}', 'xai-{ALNUM 39}'] },
  capabilities: {
    'xai-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/messages',
        'GET /v1/models',
        'GET /v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /v1/files',
          'DELETE /v1/models/m',
          'PUT /v1/chat/completions',
          'POST /v1/fine_tuning/jobs',
          'GET /v1/organization/costs',
          'POST /v1/images/generations',
        ],
        'always-denied': ['GET /v1/api-key'],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'xai-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/m', 'GET /v1/models/m'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /v1/models', 'DELETE /v1/models/m'] },
    },
  },
}
