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
