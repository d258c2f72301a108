import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Discord (docs.discord.com/developers, version 10, 2026). The scheme word is Bot. Lists of webhooks hold their
 * tokens, and are denied.
 */
export const DISCORD = definePreset({
  id: 'discord',
  label: 'Discord bot',
  baseUrls: ['https://discord.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'authorization', format: 'Bot {}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization'] },
  requiredHeaders: { 'user-agent': 'DiscordBot (valetkey, 1)' },
  credentialMinting: [
    'POST /api/v10/channels/*/webhooks',
    'POST /api/v10/oauth2/**',
    'POST /api/v10/interactions/**',
  ],
  placeholder: 'valetkey-placeholder.the-real.key-stays-on-your-machine',
  keyHint: '….….…',
  createKeyUrl: 'https://discord.com/developers/applications',
  keys: [
    {
      prefix: '',
      rest: '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}',
      name: 'bot token',
    },
  ],
  values: [{ id: 'channel', label: 'channel', hint: '123456789012345678', shape: '[0-9]{17,20}' }],
  capabilities: [
    {
      id: 'discord-post',
      label: 'Post to one channel',
      description: 'Writes into the channel you name, as the bot.',
      risk: 'write',
      allow: ['POST /api/v10/channels/{channel}/messages'],
    },
    {
      id: 'discord-read',
      label: 'Read',
      description: 'Reads servers, channels, messages and members the bot sees.',
      risk: 'read',
      allow: ['GET,HEAD /api/v10/**'],
      deny: [
        '* /api/v10/**/webhooks',
        '* /api/v10/webhooks/**',
        '* /api/v10/guilds/*/audit-logs',
        '* /api/v10/applications/@me',
      ],
    },
  ],
  test: { method: 'GET', path: '/api/v10/users/@me', ok: 'status' },
  hazards: ['The bot’s token sees all servers it is in.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { channel: '123456789012345678' },
  testCall: ['GET /api/v10/users/@me', 'authorization: Bot KEY'],
  answers: [
    [200, '{"id":"1","username":"b","bot":true}', 'accepted'],
    [401, '{"message":"401: Unauthorized","code":0}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'bot token': [
      'M{ALNUM 25}.{ALNUM 6}.{ALNUM 38}',
      'M{ALNUM 25}.{ALNUM 5}.{ALNUM 38}',
      'A{ALNUM 25}.{ALNUM 6}.{ALNUM 38}',
    ],
  },
  capabilities: {
    'discord-post': {
      allow: [
        ['POST /api/v10/channels/123456789012345678/messages', { content: 'a' }],
        ['POST /api/v10/channels/123456789012345678/messages', { content: 'b', embeds: [] }],
      ],
      deny: {
        'no-rule': [
          'POST /api/v10/channels/999999999999999999/messages',
          'DELETE /api/v10/channels/123456789012345678',
          'PUT /api/v10/guilds/1/bans/2',
          'PATCH /api/v10/users/@me',
        ],
        'credential-minting': ['POST /api/v10/channels/123456789012345678/webhooks'],
        'url-unsafe': ['POST /api/v10/channels/%2e%2e/x'],
      },
    },
    'discord-read': {
      allow: ['GET /api/v10/users/@me', 'GET /api/v10/channels/1/messages?limit=5'],
      deny: {
        'rule-deny': [
          'GET /api/v10/channels/1/webhooks',
          'GET /api/v10/guilds/1/webhooks',
          'GET /api/v10/webhooks/1',
          'GET /api/v10/guilds/1/audit-logs',
        ],
        'no-rule': [
          'POST /api/v10/channels/1/messages',
          'DELETE /api/v10/channels/1',
          'GET /api/v9/users/@me',
        ],
        'credential-minting': ['POST /api/v10/oauth2/token'],
      },
    },
  },
}
