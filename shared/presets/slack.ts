import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Slack Web API (docs.slack.dev/reference/methods, 2026). The name of the method says whether it reads, not the
 * verb; every error comes with status 200 and `"ok": false`. A token may also stand in the query, the form or the
 * JSON body. Posting takes no query, because the channel must stand in the body, where it is looked at.
 */
export const SLACK = definePreset({
  id: 'slack',
  label: 'Slack',
  baseUrls: ['https://slack.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: {
    headers: ['authorization', 'cookie'],
    query: ['token'],
    jsonFields: ['/token'],
    formFields: ['token'],
  },
  credentialMinting: [
    '* /api/oauth.*',
    '* /api/apps.connections.open',
    '* /api/apps.token*',
    '* /api/tooling.tokens.rotate',
    '* /api/auth.revoke',
    '* /api/rtm.connect',
    '* /api/rtm.start',
  ],
  placeholder: 'xoxb-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'xoxb-…',
  createKeyUrl: 'https://api.slack.com/apps',
  keys: [
    { prefix: 'xoxb-', rest: '[A-Za-z0-9-]{10,}', name: 'bot token' },
    {
      prefix: 'xoxp-',
      rest: '[A-Za-z0-9-]{10,}',
      name: 'user token',
      danger: 'live',
      advice: 'It reads and writes as you: a bot token can do less.',
    },
    { prefix: 'xoxa-', rest: '[A-Za-z0-9-]{10,}', name: 'app token of the old kind' },
    { prefix: 'xoxe.', rest: '[A-Za-z0-9.-]{10,}', name: 'token that expires' },
    {
      prefix: 'xapp-',
      rest: '\\d-[A-Z0-9]+-\\d+-[a-z0-9]+',
      name: 'app-level token',
      danger: 'wrong',
      advice: 'It opens sockets: the Web API wants xoxb- or xoxp-.',
    },
    {
      prefix: 'xoxc-',
      rest: '[A-Za-z0-9-]{10,}',
      name: 'browser token',
      danger: 'wrong',
      advice: 'It works only with the cookie of your browser: make an app and use its token.',
    },
    {
      prefix: 'xoxd-',
      rest: '[A-Za-z0-9%-]{10,}',
      name: 'browser cookie',
      danger: 'wrong',
      advice: 'It is your login: make an app and use its token.',
    },
    {
      prefix: 'https://hooks.slack.com/',
      rest: '(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}',
      name: 'webhook address',
      danger: 'wrong',
      advice: 'Whoever has the address can post: add it by hand with `--auth path`.',
    },
  ],
  values: [{ id: 'channel', label: 'channel', hint: 'C0123456789', shape: '[CDG][A-Z0-9]{7,14}' }],
  capabilities: [
    {
      id: 'slack-read',
      label: 'Read',
      description: 'Reads channels, messages, people and files the app may see.',
      risk: 'read',
      allow: [
        'GET,POST /api/auth.test',
        'GET,POST /api/conversations.list',
        'GET,POST /api/conversations.info',
        'GET,POST /api/conversations.history',
        'GET,POST /api/conversations.replies',
        'GET,POST /api/users.list',
        'GET,POST /api/users.info',
        'GET,POST /api/users.profile.get',
        'GET,POST /api/team.info',
        'GET,POST /api/search.messages',
        'GET,POST /api/files.list',
        'GET,POST /api/files.info',
      ],
    },
    {
      id: 'slack-post',
      label: 'Post to one channel',
      description: 'Writes into the channel you name and corrects what it wrote.',
      risk: 'write',
      allow: ['POST /api/chat.postMessage?', 'POST /api/chat.update?'],
      body: [{ op: 'in', pointer: '/channel', values: ['{channel}'] }],
    },
  ],
  test: { method: 'POST', path: '/api/auth.test', body: '{}', ok: 'json-ok' },
  hazards: ['A user token (xoxp-) writes in your name; a bot token in that of the app.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { channel: 'C0123456789' },
  testCall: ['POST /api/auth.test', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"ok":true,"url":"https://a.slack.com/","team":"A","user":"bot"}', 'accepted'],
    [200, '{"ok":false,"error":"invalid_auth"}', 'key-refused'],
    [200, '{"ok":false,"error":"token_revoked"}', 'key-refused'],
    [200, '{"ok":false,"error":"missing_scope","needed":"users:read"}', 'lacks-scope'],
    [200, '{"ok":false,"error":"fatal_error"}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'bot token': ['xoxb-{ALL 11}-{ALL 11}-{ALNUM 24}', 'xoxb-short', 'xoxz-{ALNUM 40}'],
    'user token': ['xoxp-{ALL 11}-{HEX 32}', 'xoxp-short'],
    'app token of the old kind': ['xoxa-{ALL 11}-{HEX 32}', 'xoxa-short'],
    'token that expires': ['xoxe.xoxb-1-{ALNUM 40}', 'xoxe.short'],
    'app-level token': ['xapp-1-{UPPER 11}-{ALL 13}-{HEX 64}', 'xapp-{HEX 64}'],
    'browser token': ['xoxc-{ALL 11}-{HEX 64}', 'xoxc-short'],
    'browser cookie': ['xoxd-{ALNUM 40}%2B', 'xoxd-short'],
    'webhook address': [
      'https://hooks.slack.com/services/{UPPER 9}/{UPPER 9}/{ALNUM 24}',
      'https://hooks.slack.com/help',
      'https://hooks.slack.com.evil.example/services/{ALNUM 40}',
    ],
  },
  capabilities: {
    'slack-read': {
      allow: [
        'POST /api/auth.test',
        ['POST /api/conversations.list', 'limit=10', 'application/x-www-form-urlencoded'],
        'GET /api/conversations.info',
        'GET /api/conversations.history',
        'GET /api/conversations.replies',
        'GET /api/users.list',
        'GET /api/users.info',
        'GET /api/users.profile.get',
        'GET /api/team.info',
        'GET /api/search.messages',
        'GET /api/files.list',
        'GET /api/files.info',
      ],
      deny: {
        'no-rule': ['POST /api/chat.postMessage', 'POST /api/admin.users.invite', 'POST /api/files.delete'],
        'credential-minting': [
          'POST /api/apps.token.create',
          'POST /api/oauth.v2.access',
          'POST /api/apps.connections.open',
        ],
        'url-unsafe': ['GET /api/%2e%2e/api/chat.delete'],
      },
    },
    'slack-post': {
      allow: [
        ['POST /api/chat.postMessage', { channel: 'C0123456789', text: 'a' }],
        ['POST /api/chat.postMessage', 'channel=C0123456789&text=a', 'application/x-www-form-urlencoded'],
        ['POST /api/chat.update', { channel: 'C0123456789', ts: '1.2', text: 'b' }],
      ],
      deny: {
        'body-rule': [
          ['POST /api/chat.postMessage', { channel: 'C9999999999', text: 'a' }],
          ['POST /api/chat.postMessage', 'channel=D1&text=a', 'application/x-www-form-urlencoded'],
        ],
        'query-not-listed': [
          ['POST /api/chat.postMessage?channel=C9999999999', { channel: 'C0123456789', text: 'a' }],
        ],
        'no-rule': [
          'POST /api/chat.delete',
          'GET /api/conversations.history',
          'POST /api/conversations.invite',
        ],
      },
    },
  },
}
