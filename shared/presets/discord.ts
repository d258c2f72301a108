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
