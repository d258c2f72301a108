import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * SerpApi (serpapi.com/search-api, 2026). The key rides in the query; the account’s record echoes it, so no
 * capability reads that.
 */
export const SERPAPI = definePreset({
  id: 'serpapi',
  label: 'SerpApi',
  baseUrls: ['https://serpapi.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'query', param: 'api_key', secret: 'value' } }],
  strip: { headers: ['authorization'], query: ['api_key'] },
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '64 hex digits',
  createKeyUrl: 'https://serpapi.com/manage-api-key',
  capabilities: [
    {
      id: 'serpapi-search',
      label: 'Search',
      description: 'Searches Google and others. Each search costs.',
      risk: 'spend',
      allow: ['GET,HEAD /search', 'GET,HEAD /search.json'],
    },
    {
      id: 'serpapi-places',
      label: 'Find place names',
      description: 'Lists places a search can be made from. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /locations.json'],
    },
  ],
  test: { method: 'GET', path: '/account.json', ok: 'status' },
  hazards: ['Addresses in its answers are made from the call, key and all: they are redacted.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /account.json', 'query api_key'],
  answers: [
    [200, '{"account_id":"a","total_searches_left":99}', 'accepted'],
    [
      401,
      '{"error":"Invalid API key. Your API key should be here: https://serpapi.com/manage-api-key"}',
      'key-refused',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'serpapi-search': {
      allow: ['GET /search?q=a', 'GET /search.json?engine=google&q=a'],
      deny: {
        'no-rule': ['GET /account.json', 'GET /account', 'DELETE /search', 'POST /search'],
        'url-unsafe': ['GET /%2e%2e/account.json'],
      },
    },
    'serpapi-places': {
      allow: ['GET /locations.json?q=Berlin', 'HEAD /locations.json?limit=1'],
      deny: { 'no-rule': ['GET /search.json', 'GET /account.json', 'POST /locations.json'] },
    },
  },
}
