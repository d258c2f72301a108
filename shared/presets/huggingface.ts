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
