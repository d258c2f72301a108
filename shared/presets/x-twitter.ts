import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /2/users/me', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"data":{"id":"1","username":"a"}}', 'accepted'],
    [
      403,
      '{"title":"Unsupported Authentication","detail":"Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.","type":"https://api.twitter.com/2/problems/unsupported-authentication"}',
      'accepted',
    ],
    [401, '{"title":"Unauthorized","status":401}', 'key-refused'],
    [403, '{"title":"Client Forbidden","reason":"client-not-enrolled"}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'app-only bearer': ['AAAAAAAAAAAAAAAAAAAAAA{ALNUM 92}', 'AAAAAAAAAAAAAAAAAAAAAA{ALNUM 50}'] },
  capabilities: {
    'x-read': {
      allow: ['GET /2/tweets/search/recent?query=a', 'GET /2/users/by/username/a', 'GET /2/lists/1'],
      deny: {
        'no-rule': ['POST /2/tweets', 'DELETE /2/tweets/1', 'GET /2/dm_events', 'POST /2/users/1/following'],
        'rule-deny': ['GET /2/users/1/bookmarks', 'GET /2/users/1/blocking'],
        'credential-minting': ['POST /2/oauth2/token', 'POST /oauth/access_token'],
        'url-unsafe': ['GET /2/tweets/%2e%2e/dm_events'],
      },
    },
    'x-post': {
      allow: [
        ['POST /2/tweets', { text: 'a' }],
        ['POST /2/tweets', { text: 'b', reply: { in_reply_to_tweet_id: '1' } }],
      ],
      deny: {
        'no-rule': [
          'DELETE /2/tweets/1',
          'GET /2/tweets/1',
          'POST /2/dm_conversations/with/1/messages',
          'POST /2/users/1/likes',
        ],
        'credential-minting': ['POST /oauth2/invalidate_token'],
      },
    },
  },
}
