import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Jira and Confluence Cloud (developer.atlassian.com/cloud, 2026). The user name is an e-mail address. Searches are
 * POSTs. Uploads want `x-atlassian-token`; a browser’s origin would be refused as a forgery and is never sent.
 */
export const JIRA = definePreset({
  id: 'jira',
  label: 'Jira and Confluence',
  baseUrls: [],
  baseUrlHint: 'https://your-site.atlassian.net',
  auth: [{ paths: ['* /**'], auth: { kind: 'basic', username: '{email}', secret: 'password' } }],
  strip: { headers: ['authorization', 'origin', 'referer', 'cookie'] },
  // A browser's name without a browser's origin is taken for a forged request.
  requiredHeaders: { 'user-agent': 'valetkey', 'x-atlassian-token': 'no-check' },
  denyAlways: ['* /rest/api/3/webhook', '* /rest/api/3/webhook/**'],
  placeholder: 'ATATT3valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'ATATT3…',
  createKeyUrl: 'https://id.atlassian.com/manage-profile/security/api-tokens',
  keys: [
    { prefix: 'ATATT3', rest: '[A-Za-z0-9_=-]{180,}', name: 'API token' },
    {
      prefix: 'ATCTT3',
      rest: '[A-Za-z0-9_=-]{100,}',
      name: 'repository token',
      danger: 'wrong',
      advice: 'It is for Bitbucket.',
    },
  ],
  values: [
    {
      id: 'email',
      label: 'e-mail address',
      hint: 'me@example.com',
      shape: '[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}',
    },
  ],
  capabilities: [
    {
      id: 'jira-read',
      label: 'Read',
      description: 'Reads and searches everything you may see in Jira and Confluence.',
      risk: 'read',
      allow: [
        'GET,HEAD /rest/api/3/**',
        'GET,HEAD /wiki/api/v2/**',
        'POST /rest/api/3/search/jql',
        'POST /rest/api/3/search/approximate-count',
      ],
    },
    {
      id: 'jira-issues',
      label: 'Create and comment issues',
      description: 'Creates, changes and comments issues, in your name.',
      risk: 'write',
      allow: ['POST /rest/api/3/issue', 'PUT /rest/api/3/issue/*', 'POST /rest/api/3/issue/*/comment'],
    },
  ],
  test: { method: 'GET', path: '/rest/api/3/myself', ok: 'status' },
  hazards: ['A token may whatever you may: make one with scopes.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { email: 'me@example.com' },
  testCall: ['GET /rest/api/3/myself', 'authorization: Basic me@example.com:KEY'],
  answers: [
    [200, '{"accountId":"1","active":true}', 'accepted'],
    [401, 'Client must be authenticated to access this resource.', 'key-refused'],
    [404, '{"errorMessage":"Site temporarily unavailable"}', 'wrong-base-url'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'API token': ['ATATT3{ALNUM 186}', 'ATATT3{ALNUM 179}'],
    'repository token': ['ATCTT3{ALNUM 186}', 'ATCTT3{ALNUM 99}'],
  },
  capabilities: {
    'jira-read': {
      allow: [
        'GET /rest/api/3/issue/A-1',
        'GET /wiki/api/v2/pages/1',
        ['POST /rest/api/3/search/jql', { jql: 'a' }],
        'POST /rest/api/3/search/approximate-count',
      ],
      deny: {
        'no-rule': [
          'POST /rest/api/3/issue',
          'DELETE /rest/api/3/issue/A-1',
          'PUT /rest/api/3/user/properties/p',
          'GET /rest/api/2/issue/A-1',
        ],
        'always-denied': ['POST /rest/api/3/webhook', 'GET /rest/api/3/webhook'],
        'url-unsafe': ['GET /rest/api/3/issue/%2e%2e/webhook'],
      },
    },
    'jira-issues': {
      allow: [
        ['POST /rest/api/3/issue', { fields: {} }],
        'PUT /rest/api/3/issue/A-1',
        'POST /rest/api/3/issue/A-1/comment',
      ],
      deny: {
        'no-rule': [
          'DELETE /rest/api/3/issue/A-1',
          'POST /rest/api/3/issue/bulk',
          'POST /rest/api/3/project',
          'PUT /rest/api/3/issue/A-1/assignee',
        ],
      },
    },
  },
}
