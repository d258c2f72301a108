import { definePreset } from './define-preset.ts'

/**
 * Cloudflare Workers AI (developers.cloudflare.com/workers-ai, 2026). The host serves every API of Cloudflare, so
 * all rules stay below /ai/. Answers say `success`, and a token that is known may still be disabled. The old global
 * key (x-auth-key) is refused.
 */
export const CLOUDFLARE_AI = definePreset({
  id: 'cloudflare-ai',
  label: 'Cloudflare Workers AI',
  baseUrls: ['https://api.cloudflare.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'x-auth-key', 'x-auth-email', 'x-auth-user-service-key'] },
  credentialMinting: [
    'POST /client/v4/user/tokens',
    'POST /client/v4/accounts/*/tokens',
    'PUT /client/v4/**/tokens/*/value',
  ],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '40 letters and digits',
  createKeyUrl: 'https://dash.cloudflare.com/profile/api-tokens',
  capabilities: [
    {
      id: 'cf-ai-run',
      label: 'Run models',
      description: 'Runs any model of Workers AI and lists them. Calls may cost.',
      risk: 'spend',
      allow: [
        'POST /client/v4/accounts/*/ai/run/**',
        'POST /client/v4/accounts/*/ai/v1/chat/completions',
        'POST /client/v4/accounts/*/ai/v1/embeddings',
        'GET,HEAD /client/v4/accounts/*/ai/models/search',
      ],
    },
    {
      id: 'cf-ai-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /client/v4/accounts/*/ai/models/search'],
    },
  ],
  test: {
    method: 'GET',
    path: '/client/v4/user/tokens/verify',
    ok: 'json-success',
    answers: [{ status: 400, holds: '6003', means: 'key-refused' }],
  },
  hazards: ['Make a token for Workers AI alone: the same host rules zones, DNS and workers.'],
})
