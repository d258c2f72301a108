import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Tavily (docs.tavily.com, 2026). Older clients put the key into the body.
 */
export const TAVILY = definePreset({
  id: 'tavily',
  label: 'Tavily',
  baseUrls: ['https://api.tavily.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'], jsonFields: ['/api_key'] },
  credentialMinting: ['POST /generate-keys', 'POST /deactivate-keys', '* /key-info'],
  placeholder: 'tvly-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'tvly-…',
  createKeyUrl: 'https://app.tavily.com',
  keys: [{ prefix: 'tvly-', rest: '(?:dev-|prod-)?[A-Za-z0-9_-]{20,}', name: 'API key' }],
  capabilities: [
    {
      id: 'tavily-search',
      label: 'Search and extract',
      description: 'Searches the web and reads pages of it. Each call costs credit.',
      risk: 'spend',
      allow: ['POST /search', 'POST /extract'],
    },
    {
      id: 'tavily-all',
      label: 'Also crawl, map and research',
      description: 'Research costs up to 250 credits a call.',
      risk: 'spend',
      allow: [
        'POST /search',
        'POST /extract',
        'POST /crawl',
        'POST /map',
        'POST /research',
        'GET,HEAD /research/*',
      ],
    },
  ],
  test: { method: 'GET', path: '/usage', ok: 'status' },
  hazards: ['Tavily fetches the addresses a site names.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /usage', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"key":{"usage":1,"limit":1000}}', 'accepted'],
    [401, '{"detail":{"error":"Unauthorized: missing or invalid API key."}}', 'key-refused'],
    [432, '{"detail":{"error":"This request exceeds your plan\'s set usage limit."}}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['tvly-dev-{ALNUM 32}', 'tvly-short'] },
  capabilities: {
    'tavily-search': {
      allow: [
        ['POST /search', { query: 'a' }],
        ['POST /extract', { urls: ['https://a.example'] }],
      ],
      deny: {
        'no-rule': ['POST /research', 'POST /crawl', 'GET /usage'],
        'credential-minting': ['POST /generate-keys'],
        'url-unsafe': ['POST /%2e%2e/research'],
      },
    },
    'tavily-all': {
      allow: [
        'POST /search',
        'POST /extract',
        'POST /crawl',
        'POST /map',
        'POST /research',
        'GET /research/r',
      ],
      deny: {
        'no-rule': ['GET /usage', 'DELETE /research/r', 'PUT /search'],
        'credential-minting': ['POST /deactivate-keys'],
      },
    },
  },
}
