import { definePreset } from './define-preset.ts'

/**
 * Notion (developers.notion.com/reference, 2026). Searches and queries are POSTs.
 */
export const NOTION = definePreset({
  id: 'notion',
  label: 'Notion',
  baseUrls: ['https://api.notion.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  requiredHeaders: { 'notion-version': '2025-09-03' },
  allowHeaders: ['notion-version'],
  credentialMinting: ['POST /v1/oauth/**'],
  placeholder: 'ntn_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'ntn_…',
  createKeyUrl: 'https://www.notion.so/profile/integrations',
  keys: [
    { prefix: 'ntn_', rest: '[0-9]{11}[A-Za-z0-9]{35}', name: 'integration token' },
    { prefix: 'secret_', rest: '[A-Za-z0-9]{43}', name: 'older integration token' },
  ],
  capabilities: [
    {
      id: 'notion-read',
      label: 'Read',
      description: 'Reads and searches all pages the integration was given.',
      risk: 'read',
      allow: [
        'GET,HEAD /v1/**',
        'POST /v1/search',
        'POST /v1/databases/*/query',
        'POST /v1/data_sources/*/query',
      ],
    },
    {
      id: 'notion-write',
      label: 'Write',
      description: 'Writes pages, blocks and comments wherever the integration may.',
      risk: 'write',
      allow: [
        'POST /v1/pages',
        'PATCH /v1/pages/*',
        'PATCH /v1/blocks/*/children',
        'PATCH /v1/blocks/*',
        'POST /v1/comments',
      ],
    },
  ],
  test: {
    method: 'GET',
    path: '/v1/users/me',
    ok: 'status',
  },
  hazards: ['Share no more pages with the integration than sites may see.'],
})
