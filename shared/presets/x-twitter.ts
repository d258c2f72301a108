import { definePreset } from './define-preset.ts'

/**
 * X (docs.x.com/x-api, 2026) with an app-only bearer; posting needs a user’s context, as `--auth oauth1` gives it.
 * The test asks who one is, which an app-only bearer is refused with a reason that proves it.
 */
export const X_TWITTER = definePreset({
  id: 'x-twitter',
  label: 'X (Twitter)',
  baseUrls: ['https://api.x.com', 'https://api.twitter.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  credentialMinting: ['POST /2/oauth2/**', 'POST /oauth/**', 'POST /oauth2/**'],
  placeholder: 'AAAAAAAAAAAAAAAAAAAAAvaletkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'AAAA…',
  createKeyUrl: 'https://developer.x.com/en/portal/dashboard',
  keys: [{ prefix: 'AAAAAAAAAAAAAAAAAAAA', rest: 'A{0,2}[A-Za-z0-9%]{80,}', name: 'app-only bearer' }],
  capabilities: [
    {
      id: 'x-read',
      label: 'Read',
      description: 'Reads posts, people and lists. Each post read counts against the plan.',
      risk: 'read',
      allow: ['GET,HEAD /2/tweets/**', 'GET,HEAD /2/users/**', 'GET,HEAD /2/lists/**'],
      deny: [
        '* /2/users/*/bookmarks',
        '* /2/users/*/bookmarks/**',
        '* /2/users/*/blocking',
        '* /2/users/*/muting',
      ],
    },
    {
      id: 'x-post',
      label: 'Post',
      description: 'Posts in your name, for all to see.',
      risk: 'write',
      allow: ['POST /2/tweets'],
      auth: 'oauth1',
    },
  ],
  test: {
    method: 'GET',
    path: '/2/users/me',
    ok: 'status',
    answers: [{ status: 403, holds: 'unsupported-authentication', means: 'accepted' }],
  },
  hazards: [
    'An app-only bearer reads what is public and cannot post: posts are signed, see `--auth oauth1`.',
  ],
})
