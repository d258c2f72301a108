import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /client/v4/user/tokens/verify', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"success":true,"errors":[],"result":{"id":"i","status":"active"}}', 'accepted'],
    [200, '{"success":true,"errors":[],"result":{"id":"i","status":"disabled"}}', 'key-refused'],
    [401, '{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}', 'key-refused'],
    [400, '{"success":false,"errors":[{"code":6003,"message":"Invalid request headers"}]}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'cf-ai-run': {
      allow: [
        'POST /client/v4/accounts/a/ai/run/@cf/meta/llama-3.1-8b-instruct',
        'POST /client/v4/accounts/a/ai/v1/chat/completions',
        'POST /client/v4/accounts/a/ai/v1/embeddings',
        'GET /client/v4/accounts/a/ai/models/search',
      ],
      deny: {
        'no-rule': [
          'GET /client/v4/zones',
          'POST /client/v4/zones/z/dns_records',
          'PUT /client/v4/accounts/a/workers/scripts/s',
          'GET /client/v4/accounts/a/billing/profile',
        ],
        'credential-minting': ['POST /client/v4/user/tokens', 'POST /client/v4/accounts/a/tokens'],
        'url-unsafe': ['POST /client/v4/accounts/a/ai/run/%2e%2e/%2e%2e/workers/scripts'],
      },
    },
    'cf-ai-models': {
      allow: [
        'GET /client/v4/accounts/a/ai/models/search',
        'HEAD /client/v4/accounts/a/ai/models/search?search=llama',
      ],
      deny: {
        'no-rule': [
          'POST /client/v4/accounts/a/ai/run/m',
          'GET /client/v4/accounts',
          'DELETE /client/v4/accounts/a/ai/finetunes/f',
        ],
      },
    },
  },
}
