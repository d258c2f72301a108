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
