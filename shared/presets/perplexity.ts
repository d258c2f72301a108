import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Perplexity (docs.perplexity.ai, 2026). It documents no free call that proves a key: the test names a model there
 * is not, which is answered with 400 after the key was looked at and costs nothing.
 */
export const PERPLEXITY = definePreset({
  id: 'perplexity',
  label: 'Perplexity',
  baseUrls: ['https://api.perplexity.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  credentialMinting: ['POST /generate_auth_token'],
  placeholder: 'pplx-valetkeyPlaceholderTheRealKeyStaysOnYourMachine0',
  keyHint: 'pplx-…',
  createKeyUrl: 'https://www.perplexity.ai/account/api/keys',
  keys: [{ prefix: 'pplx-', rest: '[A-Za-z0-9]{48}', name: 'API key' }],
  capabilities: [
    {
      id: 'perplexity-chat',
      label: 'Chat and search',
      description: 'Sends prompts and searches the web with any model. Each call costs.',
      risk: 'spend',
      allow: ['POST /chat/completions', 'POST /search', 'POST /v1/responses'],
    },
    {
      id: 'perplexity-search',
      label: 'Search only',
      description: 'Searches the web; no model answers. Each search costs.',
      risk: 'spend',
      allow: ['POST /search'],
    },
  ],
  test: {
    method: 'POST',
    path: '/chat/completions',
    body: '{"model":"valetkey-no-such-model","messages":[{"role":"user","content":"ping"}]}',
    ok: 'status',
    answers: [{ status: 400, holds: 'model', means: 'accepted' }],
  },
  hazards: ['Perplexity fetches the web pages that a prompt asks for.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /chat/completions', 'authorization: Bearer KEY'],
  answers: [
    [
      400,
      '{"error": {"message": "Invalid model \'valetkey-no-such-model\'.", "type": "invalid_request_error", "code": "invalid_model"}}',
      'accepted',
    ],
    [401, '<html><head><title>401 Authorization Required</title></head></html>', 'key-refused'],
    [429, '{"error":"Too Many Requests"}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['pplx-{ALNUM 48}', 'pplx-{ALNUM 47}', 'pplx-{ALNUM 49}'] },
  capabilities: {
    'perplexity-chat': {
      allow: [
        ['POST /chat/completions', { model: 'sonar', messages: [] }],
        ['POST /search', { query: 'a' }],
        'POST /v1/responses',
      ],
      deny: {
        'no-rule': ['GET /chat/completions', 'POST /async/chat/completions', 'DELETE /search'],
        'credential-minting': ['POST /generate_auth_token'],
        'url-unsafe': ['POST /chat/%2e%2e/search'],
      },
    },
    'perplexity-search': {
      allow: [
        ['POST /search', { query: 'a' }],
        ['POST /search', { query: ['a', 'b'] }],
      ],
      deny: {
        'no-rule': ['POST /chat/completions', 'GET /search'],
        'credential-minting': ['POST /generate_auth_token'],
      },
    },
  },
}
