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
