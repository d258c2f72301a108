import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Hugging Face (huggingface.co/docs, 2026). Two hosts: the router runs models at many providers, the Hub holds
 * models and data; no path is allowed that means something on both. The Hub’s read routes can hand out tokens of
 * its storage: they are among those that make credentials.
 */
export const HUGGINGFACE = definePreset({
  id: 'huggingface',
  label: 'Hugging Face',
  baseUrls: ['https://router.huggingface.co', 'https://huggingface.co'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  credentialMinting: [
    'GET /api/**/xet-read-token/**',
    'GET /api/**/xet-write-token/**',
    'GET /api/**/jwt',
    'POST /api/**/jwt',
  ],
  placeholder: 'hf_valetkeyPlaceholderRealKeyStaysHomeX',
  keyHint: 'hf_…',
  createKeyUrl: 'https://huggingface.co/settings/tokens',
  keys: [
    { prefix: 'hf_', rest: '[A-Za-z]{34}', name: 'user token' },
    {
      prefix: 'api_org_',
      rest: '[A-Za-z]{34}',
      name: 'token of an organisation',
      danger: 'admin',
      advice: 'It acts for the whole organisation: make a user token with fine-grained rights.',
    },
  ],
  capabilities: [
    {
      id: 'hf-inference',
      label: 'Run models',
      description: 'Sends prompts to any model through the router. Calls may cost.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /hf-inference/models/**',
        'GET,HEAD /v1/models',
      ],
    },
    {
      id: 'hf-hub-read',
      label: 'Read the Hub',
      description: 'Reads models, data sets and who you are, private ones too.',
      risk: 'read',
      allow: ['GET,HEAD /api/**'],
      deny: ['* /api/settings/**', '* /api/**/secrets', '* /api/**/billing/**'],
    },
  ],
  test: { method: 'GET', path: '/api/whoami-v2', base: 'https://huggingface.co', ok: 'status' },
  hazards: ['A token that may write can publish and delete your models: a token for inference is enough.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /api/whoami-v2', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"type":"user","name":"a","auth":{"accessToken":{"role":"fineGrained"}}}', 'accepted'],
    [401, '{"error":"Invalid credentials in Authorization header"}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'user token': ['hf_{LETTERS 34}', 'hf_{LETTERS 33}', 'hf_{LETTERS 33}1'],
    'token of an organisation': ['api_org_{LETTERS 34}', 'api_org_{LETTERS 35}'],
  },
  capabilities: {
    'hf-inference': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /hf-inference/models/org/name',
        'POST /hf-inference/models/org/name/pipeline/feature-extraction',
        'GET /v1/models',
      ],
      deny: {
        'no-rule': [
          'POST https://huggingface.co/api/repos/create',
          'POST https://huggingface.co/api/models/me/m/commit/main',
          'POST /fal-ai/queue',
          'GET https://huggingface.co/api/whoami-v2',
        ],
        'url-unsafe': ['POST /v1/chat/%2e%2e/x'],
      },
    },
    'hf-hub-read': {
      allow: [
        'GET https://huggingface.co/api/models?search=bert',
        'GET https://huggingface.co/api/datasets/a/b/tree/main',
      ],
      deny: {
        'rule-deny': [
          'GET https://huggingface.co/api/settings/webhooks',
          'GET https://huggingface.co/api/spaces/a/b/secrets',
          'GET https://huggingface.co/api/organizations/o/billing/usage',
        ],
        'no-rule': [
          'POST https://huggingface.co/api/repos/create',
          'DELETE https://huggingface.co/api/repos/delete',
        ],
        'credential-minting': [
          'GET https://huggingface.co/api/models/a/b/xet-write-token/main',
          'GET https://huggingface.co/api/datasets/a/b/xet-read-token/main',
        ],
      },
    },
  },
}
