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
