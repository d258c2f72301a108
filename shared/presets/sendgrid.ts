import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * SendGrid (twilio.com/docs/sendgrid/api-reference, 2026). A letter has one personalisation and no sender of its
 * own in it, because that would replace the sender the owner named.
 */
export const SENDGRID = definePreset({
  id: 'sendgrid',
  label: 'SendGrid',
  baseUrls: ['https://api.sendgrid.com', 'https://api.eu.sendgrid.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'on-behalf-of'] },
  credentialMinting: ['POST /v3/api_keys', 'POST /v3/api_keys/**', 'POST /v3/subusers'],
  placeholder: 'SG.valetkeyPlaceholder.theRealKeyStaysOnYourMachine',
  keyHint: 'SG.….…',
  createKeyUrl: 'https://app.sendgrid.com/settings/api_keys',
  keys: [{ prefix: 'SG.', rest: '[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}', name: 'API key' }],
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
      id: 'sendgrid-send',
      label: 'Send mail',
      description: 'Sends mail from the address you name. Each letter costs, and reaches a person.',
      risk: 'spend',
      allow: ['POST /v3/mail/send'],
      body: [
        { op: 'in', pointer: '/from/email', values: ['{from}'] },
        { op: 'absent', pointer: '/personalizations/0/from' },
        { op: 'absent', pointer: '/personalizations/1' },
      ],
    },
    {
      id: 'sendgrid-stats',
      label: 'Read statistics',
      description: 'Sees how many letters went out, and the templates.',
      risk: 'read',
      allow: ['GET,HEAD /v3/stats', 'GET,HEAD /v3/templates', 'GET,HEAD /v3/templates/*'],
    },
  ],
  test: { method: 'GET', path: '/v3/scopes', ok: 'status' },
  hazards: ['A letter reaches a person: set a limit on calls.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { from: 'me@example.com' },
  testCall: ['GET /v3/scopes', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"scopes":["mail.send"]}', 'accepted'],
    [
      401,
      '{"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked"}]}',
      'key-refused',
    ],
    [403, '{"errors":[{"message":"access forbidden"}]}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['SG.{ALNUM 22}.{ALNUM 43}', 'SG.{ALNUM 21}.{ALNUM 43}', 'SG-{ALNUM 22}.{ALNUM 43}'] },
  capabilities: {
    'sendgrid-send': {
      allow: [
        [
          'POST /v3/mail/send',
          {
            from: { email: 'me@example.com' },
            personalizations: [{ to: [{ email: 'a@b.example' }] }],
            subject: 'a',
            content: [],
          },
        ],
        [
          'POST /v3/mail/send',
          { from: { email: 'me@example.com', name: 'Me' }, personalizations: [{ to: [] }] },
        ],
      ],
      deny: {
        'body-rule': [
          ['POST /v3/mail/send', { from: { email: 'boss@example.com' }, personalizations: [{ to: [] }] }],
          [
            'POST /v3/mail/send',
            {
              from: { email: 'me@example.com' },
              personalizations: [{ to: [], from: { email: 'boss@example.com' } }],
            },
          ],
          [
            'POST /v3/mail/send',
            { from: { email: 'me@example.com' }, personalizations: [{ to: [] }, { to: [] }] },
          ],
        ],
        'no-rule': ['POST /v3/mail/batch', 'GET /v3/user/account', 'DELETE /v3/suppression/bounces'],
        'credential-minting': ['POST /v3/api_keys'],
        'url-unsafe': ['POST /v3/mail/%2e%2e/api_keys'],
      },
    },
    'sendgrid-stats': {
      allow: ['GET /v3/stats?start_date=2026-01-01', 'GET /v3/templates', 'GET /v3/templates/t'],
      deny: {
        'no-rule': ['GET /v3/api_keys', 'POST /v3/templates', 'DELETE /v3/templates/t', 'POST /v3/mail/send'],
      },
    },
  },
}
