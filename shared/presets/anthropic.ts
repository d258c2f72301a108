import type { Preset } from '../model/preset.ts'

/**
 * Anthropic's own API (docs.anthropic.com, API overview). Its client libraries put the placeholder into
 * `authorization` or into `x-api-key`, by version: both are stripped before `x-api-key` is added.
 */
export const ANTHROPIC: Preset = {
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
}
