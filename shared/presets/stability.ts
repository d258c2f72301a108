import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/user/balance', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"credits":0.63}', 'accepted'],
    [401, '{"id":"i","name":"unauthorized","errors":["missing authorization header"]}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['sk-{ALNUM 48}', 'sk-{ALNUM 47}'] },
  capabilities: {
    'stability-generate': {
      allow: [
        'POST /v2beta/stable-image/generate/core',
        'POST /v2beta/stable-image/edit/inpaint',
        'POST /v2beta/image-to-video',
        'POST /v2beta/3d/stable-fast-3d',
        'GET /v2beta/results/r',
        'GET /v2beta/image-to-video/result/r',
      ],
      deny: {
        'no-rule': [
          'GET /v1/user/account',
          'GET /v1/user/balance',
          'DELETE /v2beta/results/r',
          'POST /v1/generation/e/text-to-image',
          'GET /v2beta/stable-image/generate/core',
        ],
        'url-unsafe': ['POST /v2beta/stable-image/%2e%2e/%2e%2e/v1/user/account'],
      },
    },
    'stability-image': {
      allow: ['POST /v2beta/stable-image/generate/core', 'POST /v2beta/stable-image/generate/sd3'],
      deny: {
        'no-rule': [
          'POST /v2beta/stable-image/upscale/fast',
          'POST /v2beta/image-to-video',
          'GET /v2beta/results/r',
        ],
      },
    },
  },
}
