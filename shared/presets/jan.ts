import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Jan's server on this machine (repository janhq/jan, `src-tauri/src/core/server/proxy.rs`, 2026). It hands every
 * header but `authorization` on to remote providers, so the key goes there and nowhere else.
 */
export const JAN = definePreset({
  id: 'jan',
  label: 'Jan (on this machine)',
  // SECURITY: a literal address. A name could be made to resolve to another machine.
  baseUrls: ['http://127.0.0.1:1337'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: {
    headers: [
      'authorization',
      'x-api-key',
      'origin',
      'referer',
      'cookie',
      'x-forwarded-for',
      'x-forwarded-host',
    ],
    query: [],
    jsonFields: [],
  },
  requiredHeaders: {},
  allowHeaders: ['anthropic-version', 'anthropic-beta'],
  // SECURITY: orchestrations runs the owner's tools on this machine; configs and app are Jan's own settings and files.
  denyAlways: [
    '* /v1/orchestrations',
    '* /v1/orchestrations/**',
    '* /v1/configs',
    '* /v1/configs/**',
    '* /v1/app/**',
    '* /app/**',
  ],
  credentialMinting: [],
  // Models of remote providers, which Jan calls with the keys the owner stored in it, are listed as `remote`.
  modelLists: [{ paths: ['GET,HEAD /v1/models'], withoutOwners: ['remote'] }],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: '',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'jan-chat',
      label: 'Chat with named models',
      description:
        'Sends prompts to the models you name. Models of remote providers in Jan spend your money there.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/messages',
        'POST /v1/messages/count_tokens',
        'GET,HEAD /v1/models',
      ],
      deny: ['* /v1/orchestrations', '* /v1/configs/**', '* /v1/app/**'],
      models: true,
    },
    {
      id: 'jan-models',
      label: 'List models only',
      description: 'Sees which models Jan has. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: [
    'Name local models only: Jan sends calls for remote models out with the cloud keys stored in it.',
    'If Jan’s server tools are switched on, a chat can run them. Leave that switch off.',
    'Set a key in Jan, or any program on this machine can use its server.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/models', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[{"id":"m","object":"model"}]}', 'accepted'],
    [401, 'Invalid or missing authorization token', 'key-refused'],
    [403, 'Invalid host header', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'jan-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'listed-model' }],
        ['POST /v1/completions', { model: 'listed-model' }],
        ['POST /v1/embeddings', { model: 'listed-model' }],
        ['POST /v1/messages', { model: 'listed-model' }],
        ['POST /v1/messages/count_tokens', { model: 'listed-model' }],
        'GET /v1/models',
      ],
      deny: {
        'model-not-listed': [['POST /v1/chat/completions', { model: 'openai/gpt-5' }]],
        'always-denied': [
          ['POST /v1/orchestrations', { model: 'listed-model' }],
          'GET /v1/configs/a',
          'POST /v1/app/readFileSync',
        ],
        'no-rule': ['DELETE /v1/models', 'GET /openapi.json'],
      },
    },
    'jan-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models'],
      deny: {
        'no-rule': [['POST /v1/chat/completions', { model: 'listed-model' }], 'POST /v1/models'],
        'always-denied': ['POST /v1/orchestrations'],
      },
    },
  },
}
