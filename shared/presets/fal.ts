import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: [
    'GET /fal-ai/flux/requests/00000000-0000-0000-0000-000000000000/status',
    'authorization: Key KEY',
  ],
  answers: [
    [200, '{"status":"COMPLETED"}', 'accepted'],
    [401, '{"detail":"No user found for Key ID and Secret"}', 'key-refused'],
    [422, '{"detail":"Invalid request id"}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'key id and secret': [
      '{HEX 8}-{HEX 4}-{HEX 4}-{HEX 4}-{HEX 12}:{HEX 32}',
      '{HEX 8}-{HEX 4}-{HEX 4}-{HEX 4}-{HEX 12}',
    ],
  },
  capabilities: {
    'fal-run': {
      allow: [
        ['POST https://fal.run/fal-ai/flux/schnell', { prompt: 'a' }],
        ['POST https://queue.fal.run/fal-ai/flux/schnell', { prompt: 'a' }],
        'GET https://queue.fal.run/fal-ai/flux/requests/r',
        'GET https://queue.fal.run/fal-ai/flux/requests/r/status?logs=1',
        'GET https://queue.fal.run/fal-ai/flux/requests/r/status/stream',
        'PUT https://queue.fal.run/fal-ai/flux/requests/r/cancel',
      ],
      deny: {
        'query-not-listed': ['POST https://queue.fal.run/fal-ai/flux?fal_webhook=https%3A%2F%2Fevil.example'],
        'other-service': ['POST https://rest.fal.ai/tokens/', 'POST https://rest.alpha.fal.ai/tokens/'],
        'no-rule': ['DELETE https://queue.fal.run/fal-ai/flux', 'GET https://fal.run/fal-ai/flux'],
        'credential-minting': ['POST https://fal.run/tokens/x'],
      },
    },
    'fal-results': {
      allow: [
        'GET https://queue.fal.run/fal-ai/flux/requests/r',
        'GET https://queue.fal.run/fal-ai/flux/requests/r/status',
      ],
      deny: {
        'no-rule': [
          'POST https://queue.fal.run/fal-ai/flux',
          'PUT https://queue.fal.run/fal-ai/flux/requests/r/cancel',
        ],
        'other-service': ['GET https://rest.fal.ai/requests/r'],
      },
    },
  },
}
