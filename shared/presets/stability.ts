import { definePreset } from './define-preset.ts'

/**
 * Stability AI (platform.stability.ai/docs/api-reference, 2026). Bodies are forms with pictures in them.
 */
export const STABILITY = definePreset({
  id: 'stability',
  label: 'Stability AI',
  baseUrls: ['https://api.stability.ai'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'organization'] },
  placeholder: 'sk-valetkeyPlaceholderTheRealKeyStaysOnYourMachine00',
  keyHint: 'sk-…',
  createKeyUrl: 'https://platform.stability.ai/account/keys',
  keys: [{ prefix: 'sk-', rest: '[A-Za-z0-9]{48}', name: 'API key', shared: true }],
  capabilities: [
    {
      id: 'stability-generate',
      label: 'Generate and edit',
      description: 'Makes and edits pictures, clips and shapes. Each costs credit.',
      risk: 'spend',
      allow: [
        'POST /v2beta/stable-image/**',
        'POST /v2beta/image-to-video',
        'POST /v2beta/3d/**',
        'GET,HEAD /v2beta/results/*',
        'GET,HEAD /v2beta/image-to-video/result/*',
      ],
    },
    {
      id: 'stability-image',
      label: 'Pictures only',
      description: 'Makes pictures from text. Each costs credit.',
      risk: 'spend',
      allow: ['POST /v2beta/stable-image/generate/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/user/balance', ok: 'status' },
  hazards: ['Its keys look like older keys of others: look twice that this one is Stability’s.'],
})
