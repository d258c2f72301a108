import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /res/v1/web/search?q=ping&count=1', 'x-subscription-token: KEY'],
  answers: [
    [200, '{"type":"search","web":{"results":[]}}', 'accepted'],
    [
      422,
      '{"type":"ErrorResponse","error":{"code":"SUBSCRIPTION_TOKEN_INVALID","detail":"The provided subscription token is invalid.","status":422}}',
      'key-refused',
    ],
    [400, '{"error":{"code":"OPTION_NOT_IN_PLAN","status":400}}', 'lacks-scope'],
    [429, '{"error":{"code":"RATE_LIMITED"}}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['BSA{ALNUM 28}', 'BSA{ALNUM 19}'] },
  capabilities: {
    'brave-web': {
      allow: [
        'GET /res/v1/web/search?q=a',
        'GET /res/v1/news/search?q=a',
        'GET /res/v1/images/search?q=a',
        'GET /res/v1/videos/search?q=a',
        'GET /res/v1/suggest/search?q=a',
        'GET /res/v1/summarizer/search?q=a',
      ],
      deny: {
        'no-rule': [
          'POST /res/v1/web/search',
          'GET /res/v1/chat/completions',
          'POST /res/v1/chat/completions',
          'GET /res/v1/local/pois',
        ],
        'url-unsafe': ['GET /res/v1/web/%2e%2e/x'],
      },
    },
    'brave-suggest': {
      allow: ['GET /res/v1/suggest/search?q=a', 'GET /res/v1/spellcheck/search?q=a'],
      deny: { 'no-rule': ['GET /res/v1/web/search', 'POST /res/v1/suggest/search', 'GET /res/v1/suggest'] },
    },
  },
}
