import { definePreset } from './define-preset.ts'

/**
 * fal.ai (docs.fal.ai, 2026). The scheme word is Key. Calls may have no query, because `fal_webhook` would send
 * results to any address; the third host, which makes tokens, is left out. No call is documented that only proves a
 * key: an unknown request is asked for.
 */
export const FAL = definePreset({
  id: 'fal',
  label: 'fal.ai',
  baseUrls: ['https://fal.run', 'https://queue.fal.run'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'authorization', format: 'Key {}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization', 'x-fal-target-url'] },
  credentialMinting: ['POST /tokens/**'],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'id:secret',
  createKeyUrl: 'https://fal.ai/dashboard/keys',
  keys: [
    {
      prefix: '',
      rest: '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{32}',
      name: 'key id and secret',
    },
  ],
  capabilities: [
    {
      id: 'fal-run',
      label: 'Run models',
      description: 'Runs any model and reads its results. Each run costs.',
      risk: 'spend',
      allow: [
        'POST /**?',
        'GET,HEAD /**/requests/*',
        'GET,HEAD /**/requests/*/status?logs',
        'GET,HEAD /**/requests/*/status/stream?logs',
        'PUT /**/requests/*/cancel',
      ],
    },
    {
      id: 'fal-results',
      label: 'Read results',
      description: 'Reads the results of the whole account, also those other sites asked for.',
      risk: 'read',
      allow: ['GET,HEAD /**/requests/*', 'GET,HEAD /**/requests/*/status?logs'],
    },
  ],
  test: {
    method: 'GET',
    path: '/fal-ai/flux/requests/00000000-0000-0000-0000-000000000000/status',
    base: 'https://queue.fal.run',
    ok: 'status',
  },
  hazards: ['Results stand at public addresses.'],
})
