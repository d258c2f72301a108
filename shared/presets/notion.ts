import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/users/me', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"user","type":"bot"}', 'accepted'],
    [
      401,
      '{"object":"error","status":401,"code":"unauthorized","message":"API token is invalid."}',
      'key-refused',
    ],
    [
      403,
      '{"object":"error","status":403,"code":"restricted_resource","message":"Insufficient permissions for this endpoint."}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'integration token': ['ntn_{ALL 11}{ALNUM 35}', 'ntn_{LETTERS 46}'],
    'older integration token': ['secret_{ALNUM 43}', 'secret_{ALNUM 42}'],
  },
  capabilities: {
    'notion-read': {
      allow: [
        'GET /v1/pages/p',
        'GET /v1/blocks/b/children',
        ['POST /v1/search', { query: 'a' }],
        'POST /v1/databases/d/query',
        'POST /v1/data_sources/d/query',
      ],
      deny: {
        'no-rule': ['POST /v1/pages', 'PATCH /v1/pages/p', 'DELETE /v1/blocks/b', 'POST /v1/file_uploads'],
        'credential-minting': ['POST /v1/oauth/token', 'POST /v1/oauth/introspect'],
        'url-unsafe': ['POST /v1/databases/%2e%2e/pages'],
      },
    },
    'notion-write': {
      allow: [
        ['POST /v1/pages', { parent: {} }],
        'PATCH /v1/pages/p',
        'PATCH /v1/blocks/b/children',
        'PATCH /v1/blocks/b',
        'POST /v1/comments',
      ],
      deny: {
        'no-rule': ['DELETE /v1/blocks/b', 'POST /v1/databases', 'GET /v1/users', 'PATCH /v1/databases/d'],
        'credential-minting': ['POST /v1/oauth/revoke'],
      },
    },
  },
}
