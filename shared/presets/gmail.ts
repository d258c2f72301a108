import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * What is asked for when the owner signs in: the least that the capabilities below need. Google has no scope for drafts that
 * cannot send. In the address alone, not with each new token: a refresh token that the owner brings may have other scopes.
 */
const SCOPES = 'https://www.googleapis.com/auth/gmail.readonly https://www.googleapis.com/auth/gmail.compose'

/**
 * Gmail (developers.google.com/gmail/api, 2026), signed in to with a desktop client of one's own: its secret is the key that
 * is asked for. SECURITY: one batch carries many calls, and forwarding, filters and delegates lead mail out of the box.
 */
export const GMAIL = definePreset({
  id: 'gmail',
  label: 'Gmail',
  baseUrls: ['https://gmail.googleapis.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: {
        kind: 'oauth2-refresh',
        clientId: '{client}',
        tokenUrl: 'https://oauth2.googleapis.com/token',
        // Without both of these Google gives no refresh token the second time.
        authorizationUrl: `https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent&scope=${encodeURIComponent(SCOPES)}`,
        scope: null,
        clientAuth: 'post',
        secret: 'refresh-token',
        clientSecret: 'client-secret',
      },
    },
  ],
  strip: { headers: ['authorization', 'x-goog-api-key'], query: ['key', 'access_token'] },
  denyAlways: ['* /batch/**', '* /gmail/v1/users/*/settings/**', '* /gmail/v1/users/*/watch'],
  placeholder: 'ya29.valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'GOCSPX-…',
  createKeyUrl: 'https://console.cloud.google.com/apis/credentials',
  keys: [
    { prefix: 'GOCSPX-', rest: '[A-Za-z0-9_-]{20,}', name: 'client secret' },
    {
      prefix: '1//',
      rest: '[A-Za-z0-9_-]{20,}',
      name: 'refresh token',
      danger: 'wrong',
      advice: 'Signing in gets one by itself: what is asked for is the client secret.',
    },
  ],
  values: [
    {
      id: 'client',
      label: 'client id',
      hint: '0123456789-abcdefghijklmnop.apps.googleusercontent.com',
      shape: '[0-9]+-[a-z0-9]+\\.apps\\.googleusercontent\\.com',
    },
  ],
  capabilities: [
    {
      id: 'gmail-read',
      label: 'Read',
      description: 'Reads and searches all mail of the box.',
      risk: 'read',
      allow: [
        'GET,HEAD /gmail/v1/users/me/messages',
        'GET,HEAD /gmail/v1/users/me/messages/*',
        'GET,HEAD /gmail/v1/users/me/threads',
        'GET,HEAD /gmail/v1/users/me/threads/*',
        'GET,HEAD /gmail/v1/users/me/labels',
        'GET,HEAD /gmail/v1/users/me/profile',
      ],
    },
    {
      id: 'gmail-draft',
      label: 'Draft, never send',
      description: 'Writes drafts, which you send or not.',
      risk: 'write',
      allow: ['POST /gmail/v1/users/me/drafts', 'PUT /gmail/v1/users/me/drafts/*'],
      deny: ['* /gmail/v1/users/*/drafts/send', '* /gmail/v1/users/*/messages/send', '* /upload/**'],
    },
  ],
  test: {
    method: 'GET',
    path: '/gmail/v1/users/me/profile',
    ok: 'status',
  },
  hazards: [
    'A letter may ask a site’s model to do things: what a site reads, it may obey.',
    'While the consent screen of your client is in testing, Google forgets a sign-in after seven days.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { client: '0123456789-abcdefghijklmnop.apps.googleusercontent.com' },
  testCall: ['GET /gmail/v1/users/me/profile', 'token'],
  answers: [
    [200, '{"emailAddress":"a@b.example"}', 'accepted'],
    [401, '{"error":{"code":401,"status":"UNAUTHENTICATED"}}', 'key-refused'],
    [
      403,
      '{"error":{"code":403,"message":"Request had insufficient authentication scopes."}}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'client secret': ['GOCSPX-{ALNUM 28}', 'GOCSPX-{ALNUM 19}', 'GOCSPY-{ALNUM 28}'],
    'refresh token': ['1//{ALNUM 60}', '1//{ALNUM 19}', '1/{ALNUM 60}'],
  },
  capabilities: {
    'gmail-read': {
      allow: [
        'GET /gmail/v1/users/me/messages?q=a',
        'GET /gmail/v1/users/me/messages/m',
        'GET /gmail/v1/users/me/threads',
        'GET /gmail/v1/users/me/threads/t?format=metadata',
        'GET /gmail/v1/users/me/labels',
        'GET /gmail/v1/users/me/profile',
      ],
      deny: {
        'always-denied': [
          'GET /gmail/v1/users/me/settings/forwardingAddresses',
          'POST /gmail/v1/users/me/settings/filters',
          'POST /batch/gmail/v1',
          'GET /gmail/v1/users/me/settings/delegates',
        ],
        'no-rule': [
          'POST /gmail/v1/users/me/messages/send',
          'DELETE /gmail/v1/users/me/messages/m',
          'GET /gmail/v1/users/someone/messages',
        ],
        'url-unsafe': ['GET /gmail/v1/users/me/messages/%2e%2e/settings'],
      },
    },
    'gmail-draft': {
      allow: [
        ['POST /gmail/v1/users/me/drafts', { message: { raw: 'a' } }],
        ['PUT /gmail/v1/users/me/drafts/d', { message: { raw: 'b' } }],
      ],
      deny: {
        'rule-deny': [
          'POST /gmail/v1/users/me/drafts/send',
          'POST /gmail/v1/users/me/messages/send',
          'PUT /gmail/v1/users/me/drafts/send',
        ],
        'no-rule': [
          'DELETE /gmail/v1/users/me/drafts/d',
          'GET /gmail/v1/users/me/messages',
          'POST /gmail/v1/users/me/messages',
        ],
        'always-denied': ['PUT /gmail/v1/users/me/settings/vacation'],
        'url-unsafe': ['POST /gmail/v1/users/me/drafts/%2e%2e/messages/send'],
      },
    },
  },
}
