import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Resend (resend.com/docs/api-reference, 2026). It wants a user agent. A key that may only send is answered with
 * 401 by all else, and is good: that is said apart from a wrong one, which is answered with 403.
 */
export const RESEND = definePreset({
  id: 'resend',
  label: 'Resend',
  baseUrls: ['https://api.resend.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  requiredHeaders: { 'user-agent': 'valetkey' },
  credentialMinting: ['POST /api-keys', 'POST /webhooks'],
  placeholder: 're_valetkey_placeholder_the_real_key_stays_on_your_machine',
  keyHint: 're_…',
  createKeyUrl: 'https://resend.com/api-keys',
  keys: [{ prefix: 're_', rest: '[A-Za-z0-9_]{20,}', name: 'API key' }],
  values: [
    {
      id: 'from',
      label: 'address to send from',
      hint: 'me@example.com',
      shape: '[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}',
    },
  ],
  capabilities: [
    {
      id: 'resend-send',
      label: 'Send mail',
      description: 'Sends mail from the address you name. Each letter reaches a person.',
      risk: 'spend',
      allow: ['POST /emails'],
      body: [{ op: 'in', pointer: '/from', values: ['{from}'] }],
    },
    {
      id: 'resend-status',
      label: 'See what was sent',
      description: 'Reads the letters the account sent.',
      risk: 'read',
      allow: ['GET,HEAD /emails/*'],
    },
  ],
  test: {
    method: 'GET',
    path: '/domains',
    ok: 'status',
    answers: [
      { status: 401, holds: 'restricted_api_key', means: 'lacks-scope' },
      { status: 403, holds: 'invalid_api_key', means: 'key-refused' },
    ],
  },
  hazards: ['A letter reaches a person: a key that may only send, for one domain, is enough.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { from: 'me@example.com' },
  testCall: ['GET /domains', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[]}', 'accepted'],
    [
      401,
      '{"statusCode":401,"message":"This API key is restricted to only send emails","name":"restricted_api_key"}',
      'lacks-scope',
    ],
    [403, '{"statusCode":403,"message":"API key is invalid","name":"invalid_api_key"}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['re_{ALNUM 33}', 're_{ALNUM 19}'] },
  capabilities: {
    'resend-send': {
      allow: [
        ['POST /emails', { from: 'me@example.com', to: 'a@b.example', subject: 'a', html: 'a' }],
        ['POST /emails', { from: 'me@example.com', to: ['a@b.example'], text: 'a' }],
      ],
      deny: {
        'body-rule': [
          ['POST /emails', { from: 'boss@example.com', to: 'a@b.example' }],
          ['POST /emails', { to: 'a@b.example' }],
        ],
        'no-rule': ['POST /emails/batch', 'GET /domains', 'DELETE /domains/d', 'POST /broadcasts'],
        'credential-minting': ['POST /api-keys'],
        'url-unsafe': ['POST /emails/%2e%2e/api-keys'],
      },
    },
    'resend-status': {
      allow: ['GET /emails/e', 'HEAD /emails/e'],
      deny: { 'no-rule': ['POST /emails', 'GET /api-keys', 'GET /domains', 'POST /emails/e/cancel'] },
    },
  },
}
