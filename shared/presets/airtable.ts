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
