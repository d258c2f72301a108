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
