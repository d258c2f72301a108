import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Airtable (airtable.com/developers/web/api, 2026).
 */
export const AIRTABLE = definePreset({
  id: 'airtable',
  label: 'Airtable',
  baseUrls: ['https://api.airtable.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  credentialMinting: ['POST /v0/bases/*/webhooks'],
  placeholder: 'patValetkeyPlaceholder.the-real-key-stays-on-your-machine',
  keyHint: 'pat….…',
  createKeyUrl: 'https://airtable.com/create/tokens',
  keys: [
    { prefix: 'pat', rest: '[A-Za-z0-9]{14}\\.[a-f0-9]{64}', name: 'personal access token' },
    {
      prefix: 'key',
      rest: '[A-Za-z0-9]{14}',
      name: 'API key of the old kind',
      shared: true,
      danger: 'wrong',
      advice: 'Airtable takes them no longer: make a personal access token.',
    },
  ],
  values: [{ id: 'base', label: 'base', hint: 'appABCDEFGHIJKLMN', shape: 'app[A-Za-z0-9]{14}' }],
  capabilities: [
    {
      id: 'airtable-read',
      label: 'Read one base',
      description: 'Reads tables and records of the base you name.',
      risk: 'read',
      allow: [
        'GET,HEAD /v0/{base}/**',
        'GET,HEAD /v0/meta/bases/{base}/tables',
        'POST /v0/{base}/*/listRecords',
      ],
    },
    {
      id: 'airtable-write',
      label: 'Write records of one base',
      description: 'Adds and changes records of the base you name. Deletes none.',
      risk: 'write',
      allow: ['POST,PATCH /v0/{base}/*', 'PATCH /v0/{base}/*/*'],
    },
  ],
  test: { method: 'GET', path: '/v0/meta/whoami', ok: 'status' },
  hazards: ['A token for one base is enough for a site that needs one.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { base: 'appABCDEFGHIJKLMN' },
  testCall: ['GET /v0/meta/whoami', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"id":"usr1"}', 'accepted'],
    [401, '{"error":{"type":"AUTHENTICATION_REQUIRED","message":"Authentication required"}}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'personal access token': ['pat{ALNUM 14}.{HEX 64}', 'pat{ALNUM 14}.{HEX 63}', 'pat{ALNUM 13}.{HEX 64}'],
    'API key of the old kind': ['key{ALNUM 14}', 'key{ALNUM 13}', 'key{ALNUM 15}'],
  },
  capabilities: {
    'airtable-read': {
      allow: [
        'GET /v0/appABCDEFGHIJKLMN/Tasks?maxRecords=3',
        'GET /v0/meta/bases/appABCDEFGHIJKLMN/tables',
        'POST /v0/appABCDEFGHIJKLMN/Tasks/listRecords',
      ],
      deny: {
        'no-rule': [
          'GET /v0/appZZZZZZZZZZZZZZ/Tasks',
          'DELETE /v0/appABCDEFGHIJKLMN/Tasks/rec1',
          'GET /v0/meta/bases',
          'POST /v0/meta/bases',
        ],
        'credential-minting': ['POST /v0/bases/appABCDEFGHIJKLMN/webhooks'],
        'url-unsafe': ['GET /v0/appABCDEFGHIJKLMN/%2e%2e/meta/bases'],
      },
    },
    'airtable-write': {
      allow: [
        ['POST /v0/appABCDEFGHIJKLMN/Tasks', { records: [] }],
        'PATCH /v0/appABCDEFGHIJKLMN/Tasks',
        'PATCH /v0/appABCDEFGHIJKLMN/Tasks/rec1',
      ],
      deny: {
        'no-rule': [
          'DELETE /v0/appABCDEFGHIJKLMN/Tasks/rec1',
          'PUT /v0/appABCDEFGHIJKLMN/Tasks/rec1',
          'POST /v0/appZZZZZZZZZZZZZZ/Tasks',
          'POST /v0/meta/bases/appABCDEFGHIJKLMN/tables',
        ],
      },
    },
  },
}
