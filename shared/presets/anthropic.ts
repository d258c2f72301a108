import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Anthropic's own API (docs.anthropic.com, API overview). Its client libraries put the placeholder into
 * `authorization` or into `x-api-key`, by version: both are stripped before `x-api-key` is added.
 */
export const ANTHROPIC = definePreset({
  id: 'anthropic',
  label: 'Anthropic',
  baseUrls: ['https://api.anthropic.com'],
  local: false,
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'x-api-key', format: '{}', secret: 'value' }] },
    },
  ],
  strip: {
    headers: ['x-api-key', 'authorization', 'anthropic-dangerous-direct-browser-access'],
    query: [],
    jsonFields: [],
  },
  // Sent only where the page names no version: the oldest that every current model answers.
  requiredHeaders: { 'anthropic-version': '2023-06-01' },
  allowHeaders: ['anthropic-version', 'anthropic-beta'],
  denyAlways: ['* /v1/organizations/**'],
  credentialMinting: [],
  placeholder: 'sk-ant-api03-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'sk-ant-api03-…',
  keyOptional: false,
  createKeyUrl: 'https://platform.claude.com/settings/keys',
  keys: [
    { prefix: 'sk-ant-api', rest: '\\d{2}-[A-Za-z0-9_-]{20,}', name: 'API key' },
    {
      prefix: 'sk-ant-admin',
      rest: '\\d{2}-[A-Za-z0-9_-]{20,}',
      name: 'admin key',
      danger: 'admin',
      advice: 'It rules the organization and makes keys: use the key of a workspace.',
    },
    {
      prefix: 'sk-ant-oat',
      rest: '\\d{2}-[A-Za-z0-9_-]{20,}',
      name: 'login token',
      danger: 'wrong',
      advice: 'It is the login of an application: make an API key.',
    },
  ],
  capabilities: [
    {
      id: 'anthropic-messages',
      label: 'Messages',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs tokens.',
      risk: 'spend',
      allow: [
        'POST /v1/messages',
        'POST /v1/messages/count_tokens',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'anthropic-models',
      label: 'List models only',
      description: 'Sees which models your account has. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: [
    'Do not store an admin key (sk-ant-admin…): a workspace key is enough.',
    'A message may name tool servers and file addresses: Anthropic then fetches what the site chose.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/models', 'x-api-key: KEY'],
  answers: [
    [200, '{"data":[{"type":"model","id":"claude"}],"has_more":false}', 'accepted'],
    [
      401,
      '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
      'key-refused',
    ],
    [403, '{"type":"error","error":{"type":"permission_error","message":"no"}}', 'lacks-scope'],
    [529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'API key': ['sk-ant-api03-{ALNUM 95}', 'sk-ant-api3-{ALNUM 95}', 'sk-ant-api03-short'],
    'admin key': ['sk-ant-admin01-{ALNUM 95}', 'sk-ant-admin-{ALNUM 10}'],
    'login token': ['sk-ant-oat01-{ALNUM 95}', 'sk-ant-oat01'],
  },
  capabilities: {
    'anthropic-messages': {
      allow: [
        ['POST /v1/messages', { model: 'claude', messages: [] }],
        ['POST /v1/messages/count_tokens', { model: 'claude' }],
        'GET /v1/models',
        'GET /v1/models/claude-x',
      ],
      deny: {
        'no-rule': [
          'POST /v1/messages/batches',
          'GET /v1/messages/batches/b/results',
          'POST /v1/files',
          'DELETE /v1/messages',
        ],
        'always-denied': [
          'GET /v1/organizations/api_keys',
          'POST /v1/organizations/invites',
          'GET /v1/organizations/cost_report',
        ],
      },
    },
    'anthropic-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/claude-x', 'GET /v1/models/claude-x'],
      deny: {
        'no-rule': ['POST /v1/messages', 'POST /v1/models', 'GET /v1/files'],
        'always-denied': ['GET /v1/organizations/users'],
      },
    },
  },
}
