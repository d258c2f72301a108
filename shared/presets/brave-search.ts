import { definePreset } from './define-preset.ts'

/**
 * Brave Search (api-dashboard.search.brave.com/documentation, 2026). No free call proves a key: the test is one
 * query. A wrong token is answered with 422.
 */
export const BRAVE_SEARCH = definePreset({
  id: 'brave-search',
  label: 'Brave Search',
  baseUrls: ['https://api.search.brave.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'x-subscription-token', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization', 'x-subscription-token'] },
  placeholder: 'BSAvaletkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'BSA…',
  createKeyUrl: 'https://api-dashboard.search.brave.com/app/keys',
  keys: [{ prefix: 'BSA', rest: '[A-Za-z0-9_-]{20,}', name: 'API key' }],
  capabilities: [
    {
      id: 'brave-web',
      label: 'Search',
      description: 'Searches the web. Each query costs.',
      risk: 'spend',
      allow: [
        'GET,HEAD /res/v1/web/search',
        'GET,HEAD /res/v1/news/search',
        'GET,HEAD /res/v1/images/search',
        'GET,HEAD /res/v1/videos/search',
        'GET,HEAD /res/v1/suggest/search',
        'GET,HEAD /res/v1/summarizer/search',
      ],
    },
    {
      id: 'brave-suggest',
      label: 'Suggestions only',
      description: 'Completes what a person types. Each query costs a little.',
      risk: 'spend',
      allow: ['GET,HEAD /res/v1/suggest/search', 'GET,HEAD /res/v1/spellcheck/search'],
    },
  ],
  test: {
    method: 'GET',
    path: '/res/v1/web/search?q=ping&count=1',
    ok: 'status',
    answers: [
      { status: 422, holds: 'SUBSCRIPTION_TOKEN_INVALID', means: 'key-refused' },
      { status: 400, holds: 'OPTION_NOT_IN_PLAN', means: 'lacks-scope' },
    ],
  },
})
