import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { account: 'AC00000000000000000000000000000000', from: '+15550001111' },
  testCall: [
    'GET /2010-04-01/Accounts/AC00000000000000000000000000000000.json',
    'authorization: Basic AC00000000000000000000000000000000:KEY',
  ],
  answers: [
    [200, '{"sid":"AC00000000000000000000000000000000","status":"active"}', 'accepted'],
    [401, '{"code":20003,"message":"Authenticate","status":401}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'account SID': ['AC{HEX 32}', 'AC{HEX 31}'],
    'API key SID': ['SK{HEX 32}', 'SK{HEX 31}', 'sk{HEX 32}'],
  },
  capabilities: {
    'twilio-sms': {
      allow: [
        [
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
          'To=%2B15550002222&From=%2B15550001111&Body=a',
          'application/x-www-form-urlencoded',
        ],
        [
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
          'From=%2B15550001111&To=%2B15550003333&Body=b',
          'application/x-www-form-urlencoded',
        ],
      ],
      deny: {
        'body-rule': [
          [
            'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
            'To=%2B1&From=%2B15559999999&Body=a',
            'application/x-www-form-urlencoded',
          ],
          [
            'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
            'To=%2B1&From=%2B15550001111&Body=a&StatusCallback=https%3A%2F%2Fevil.example',
            'application/x-www-form-urlencoded',
          ],
          [
            'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
            'To=%2B1&From=%2B15550001111&MediaUrl=https%3A%2F%2Fevil.example',
            'application/x-www-form-urlencoded',
          ],
        ],
        'no-rule': [
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Calls.json',
          'DELETE /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/SM1.json',
          'POST /2010-04-01/Accounts.json',
        ],
        'credential-minting': [
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Keys.json',
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Tokens.json',
        ],
      },
    },
    'twilio-read': {
      allow: [
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json?PageSize=5',
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/SM1.json',
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Calls.json',
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Calls/CA1.json',
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/IncomingPhoneNumbers.json',
        'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/IncomingPhoneNumbers/PN1.json',
      ],
      deny: {
        'no-rule': [
          'GET /2010-04-01/Accounts.json',
          'GET /2010-04-01/Accounts/AC00000000000000000000000000000000.json',
          'GET /2010-04-01/Accounts/AC99999999999999999999999999999999/Messages.json',
          'POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json',
          'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Keys.json',
        ],
        'url-unsafe': [
          'GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/%2e%2e/Keys.json',
        ],
      },
    },
  },
}
