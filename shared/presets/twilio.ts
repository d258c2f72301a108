import { definePreset } from './define-preset.ts'

/**
 * Twilio (twilio.com/docs/usage/api, 2026). The user name is the account, the password its auth token. What Twilio
 * would fetch or call (StatusCallback, MediaUrl) is refused. Verify and Lookup are other hosts, and other services.
 */
export const TWILIO = definePreset({
  id: 'twilio',
  label: 'Twilio',
  baseUrls: ['https://api.twilio.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'basic', username: '{account}', secret: 'password' } }],
  strip: { headers: ['authorization'] },
  credentialMinting: [
    'POST /2010-04-01/Accounts/*/Keys.json',
    'POST /2010-04-01/Accounts/*/SigningKeys.json',
    'POST /2010-04-01/Accounts/*/Tokens.json',
  ],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: '32 hex digits',
  createKeyUrl: 'https://console.twilio.com/',
  keys: [
    {
      prefix: 'AC',
      rest: '[0-9a-f]{32}',
      name: 'account SID',
      danger: 'wrong',
      advice: 'It names the account and is no secret: the auth token is wanted.',
    },
    {
      prefix: 'SK',
      rest: '[0-9a-f]{32}',
      name: 'API key SID',
      danger: 'wrong',
      advice: 'It names the key and is no secret: the secret shown beside it is wanted.',
    },
  ],
  values: [
    {
      id: 'account',
      label: 'account SID',
      hint: 'AC00000000000000000000000000000000',
      shape: 'AC[0-9a-f]{32}',
    },
    { id: 'from', label: 'number to send from', hint: '+15550001111', shape: '\\+[1-9][0-9]{6,14}' },
  ],
  capabilities: [
    {
      id: 'twilio-sms',
      label: 'Send messages',
      description: 'Sends messages from the number you name. Each costs, and reaches a person.',
      risk: 'spend',
      allow: ['POST /2010-04-01/Accounts/{account}/Messages.json?'],
      body: [
        { op: 'in', pointer: '/From', values: ['{from}'] },
        { op: 'absent', pointer: '/StatusCallback' },
        { op: 'absent', pointer: '/MediaUrl' },
        { op: 'absent', pointer: '/MessagingServiceSid' },
        { op: 'absent', pointer: '/ApplicationSid' },
        { op: 'absent', pointer: '/PersistentAction' },
      ],
    },
    {
      id: 'twilio-read',
      label: 'Read messages and calls',
      description: 'Reads messages, calls and numbers of the account: who wrote what to whom.',
      risk: 'read',
      allow: [
        'GET,HEAD /2010-04-01/Accounts/{account}/Messages.json',
        'GET,HEAD /2010-04-01/Accounts/{account}/Messages/*',
        'GET,HEAD /2010-04-01/Accounts/{account}/Calls.json',
        'GET,HEAD /2010-04-01/Accounts/{account}/Calls/*',
        'GET,HEAD /2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json',
        'GET,HEAD /2010-04-01/Accounts/{account}/IncomingPhoneNumbers/*',
      ],
    },
  ],
  test: { method: 'GET', path: '/2010-04-01/Accounts/{account}.json', ok: 'status' },
  hazards: [
    'The account’s own record shows its auth token: no capability reads it.',
    'A message costs and reaches a person: set a limit on calls.',
  ],
})
