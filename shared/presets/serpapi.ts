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
