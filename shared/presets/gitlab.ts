import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * GitLab REST (docs.gitlab.com/api/rest, 2026). A project is a number or a path with an encoded slash, so rules
 * match the raw segment. SECURITY: variables, triggers, deploy tokens and keys of runners come back in clear from
 * GETs. Its GraphQL reads those below any field, so no capability offers it.
 */
export const GITLAB = definePreset({
  id: 'gitlab',
  label: 'GitLab',
  baseUrls: ['https://gitlab.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'private-token', format: '{}', secret: 'value' }] },
    },
  ],
  strip: {
    headers: ['private-token', 'authorization', 'job-token'],
    query: ['private_token', 'access_token', 'job_token'],
  },
  credentialMinting: [
    'POST /api/v4/**/access_tokens',
    'POST /api/v4/**/access_tokens/**',
    'POST /api/v4/personal_access_tokens/**',
    'POST /api/v4/**/deploy_tokens',
    'POST /api/v4/**/triggers',
    'POST /api/v4/user/runners',
    'POST /api/v4/user/personal_access_tokens',
  ],
  placeholder: 'glpat-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'glpat-…',
  createKeyUrl: 'https://gitlab.com/-/user_settings/personal_access_tokens',
  keys: [
    { prefix: 'glpat-', rest: '[A-Za-z0-9_.-]{20,}', name: 'personal access token' },
    {
      prefix: 'glptt-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'pipeline trigger token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
    {
      prefix: 'gldt-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'deploy token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
    {
      prefix: 'glrt-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'runner token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
    {
      prefix: 'glft-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'feed token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
    {
      prefix: 'glimt-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'mail token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
    {
      prefix: 'glagent-',
      rest: '[A-Za-z0-9_.-]{20,}',
      name: 'agent token',
      danger: 'wrong',
      advice: 'The API wants a personal, project or group access token: glpat-….',
    },
  ],
  capabilities: [
    {
      id: 'gitlab-read',
      label: 'Read',
      description: 'Reads everything the token sees, private projects too.',
      risk: 'read',
      allow: ['GET,HEAD /api/v4/**'],
      deny: [
        '* /api/v4/**/variables',
        '* /api/v4/**/variables/**',
        '* /api/v4/**/triggers',
        '* /api/v4/**/triggers/**',
        '* /api/v4/**/runners/**',
        '* /api/v4/**/deploy_tokens/**',
        '* /api/v4/**/hooks/**',
        '* /api/v4/application/**',
      ],
    },
    {
      id: 'gitlab-issues',
      label: 'Issues',
      description: 'Reads and writes issues of all projects, in your name.',
      risk: 'write',
      allow: ['GET,POST,PUT /api/v4/projects/*/issues', 'GET,POST,PUT /api/v4/projects/*/issues/**'],
    },
  ],
  test: {
    method: 'GET',
    path: '/api/v4/personal_access_tokens/self',
    ok: 'status',
  },
  hazards: ['A project record may show its maintainers the runners’ token.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /api/v4/personal_access_tokens/self', 'private-token: KEY'],
  answers: [
    [200, '{"id":1,"scopes":["read_api"],"active":true}', 'accepted'],
    [401, '{"message":"401 Unauthorized"}', 'key-refused'],
    [
      403,
      '{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token."}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'personal access token': ['glpat-{ALNUM 20}', 'glpat-{ALNUM 19}'],
    'pipeline trigger token': ['glptt-{HEX 40}', 'glptt-short'],
    'deploy token': ['gldt-{ALNUM 20}', 'gldt-{ALNUM 19}'],
    'runner token': ['glrt-{ALNUM 20}', 'glrt-{ALNUM 19}'],
    'feed token': ['glft-{ALNUM 20}', 'glft-{ALNUM 19}'],
    'mail token': ['glimt-{ALNUM 25}', 'glimt-short'],
    'agent token': ['glagent-{ALNUM 50}', 'glagent-short'],
  },
  capabilities: {
    'gitlab-read': {
      allow: [
        'GET /api/v4/projects/1',
        'GET /api/v4/projects/278964/repository/files/README.md/raw?ref=main',
        'GET /api/v4/groups/1/issues',
      ],
      deny: {
        'rule-deny': [
          'GET /api/v4/projects/1/variables',
          'GET /api/v4/groups/1/variables/KEY',
          'GET /api/v4/projects/1/triggers',
          'GET /api/v4/runners/1',
          'GET /api/v4/projects/1/deploy_tokens',
          'GET /api/v4/projects/1/hooks',
        ],
        'no-rule': ['POST /api/v4/projects', 'DELETE /api/v4/projects/1', 'POST /api/graphql'],
        'credential-minting': [
          'POST /api/v4/projects/1/access_tokens',
          'POST /api/v4/personal_access_tokens/self/rotate',
        ],
      },
    },
    'gitlab-issues': {
      allow: [
        'GET /api/v4/projects/1/issues?state=opened',
        ['POST /api/v4/projects/1/issues', { title: 'a' }],
        ['PUT /api/v4/projects/1/issues/2', { state_event: 'close' }],
        ['POST /api/v4/projects/1/issues/2/notes', { body: 'a' }],
      ],
      deny: {
        'no-rule': [
          'DELETE /api/v4/projects/1/issues/2',
          'POST /api/v4/projects/1/merge_requests',
          'GET /api/v4/user',
        ],
        'credential-minting': ['POST /api/v4/projects/1/access_tokens'],
        'url-unsafe': ['GET /api/v4/projects/1/issues/%2e%2e/variables'],
      },
    },
  },
}
