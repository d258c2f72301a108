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
