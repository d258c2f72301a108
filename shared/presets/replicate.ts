import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Replicate (replicate.com/docs/reference/http, 2026). What a call may name for results to be sent to is refused;
 * the secret that signs such calls stands at /v1/webhooks/default/secret.
 */
export const REPLICATE = definePreset({
  id: 'replicate',
  label: 'Replicate',
  baseUrls: ['https://api.replicate.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  denyAlways: ['* /v1/webhooks/**'],
  placeholder: 'r8_valetkeyPlaceholderTheRealKeyStaysHo00',
  keyHint: 'r8_…',
  createKeyUrl: 'https://replicate.com/account/api-tokens',
  keys: [{ prefix: 'r8_', rest: '[A-Za-z0-9]{37}', name: 'API token' }],
  capabilities: [
    {
      id: 'replicate-run',
      label: 'Run models',
      description: 'Runs any model and reads its results. Each run costs.',
      risk: 'spend',
      allow: [
        'POST /v1/predictions',
        'POST /v1/models/*/*/predictions',
        'POST /v1/deployments/*/*/predictions',
        'POST /v1/predictions/*/cancel',
        'GET,HEAD /v1/predictions/*',
        'GET,HEAD /v1/models/*/*',
      ],
      body: [{ op: 'absent', pointer: '/webhook' }],
    },
    {
      id: 'replicate-read',
      label: 'Read',
      description: 'Reads models, runs and files of the whole account, also those other sites made.',
      risk: 'read',
      allow: ['GET,HEAD /v1/**'],
    },
  ],
  test: { method: 'GET', path: '/v1/account', ok: 'status' },
  hazards: ['Results stand at public addresses for an hour.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/account', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"type":"user","username":"a"}', 'accepted'],
    [
      401,
      '{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}',
      'key-refused',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API token': ['r8_{ALNUM 37}', 'r8_{ALNUM 36}'] },
  capabilities: {
    'replicate-run': {
      allow: [
        ['POST /v1/predictions', { version: 'v', input: {} }],
        ['POST /v1/models/black-forest-labs/flux-schnell/predictions', { input: { prompt: 'a' } }],
        'POST /v1/deployments/me/mine/predictions',
        'POST /v1/predictions/p/cancel',
        'GET /v1/predictions/p',
        'GET /v1/models/a/b',
      ],
      deny: {
        'body-rule': [['POST /v1/predictions', { version: 'v', input: {}, webhook: 'https://evil.example' }]],
        'no-rule': ['POST /v1/trainings', 'DELETE /v1/models/a/b', 'GET /v1/account', 'GET /v1/predictions'],
        'always-denied': ['GET /v1/webhooks/default/secret'],
        'url-unsafe': ['POST /v1/predictions/%2e%2e/trainings'],
      },
    },
    'replicate-read': {
      allow: ['GET /v1/predictions', 'GET /v1/models/a/b/versions', 'GET /v1/account'],
      deny: {
        'no-rule': ['POST /v1/predictions', 'POST /v1/files', 'DELETE /v1/files/f'],
        'always-denied': ['GET /v1/webhooks/default/secret'],
      },
    },
  },
}
