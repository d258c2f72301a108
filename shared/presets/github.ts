import { definePreset } from './define-preset.ts'

/**
 * GitHub REST and GraphQL (docs.github.com/rest; OpenAPI description of npm @octokit/openapi 23.0.2). A user agent
 * is required. GET is not always a read: one starts a report. SECURITY: writing into the folder of workflows is
 * running code, so no capability writes files.
 */
export const GITHUB = definePreset({
  id: 'github',
  label: 'GitHub',
  baseUrls: ['https://api.github.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  requiredHeaders: { 'user-agent': 'valetkey' },
  allowHeaders: ['x-github-next-global-id'],
  credentialMinting: [
    'POST /app/installations/*/access_tokens',
    'POST /applications/*/token',
    'POST /applications/*/token/scoped',
    'POST /**/actions/runners/registration-token',
    'POST /**/actions/runners/remove-token',
    'POST /**/actions/runners/generate-jitconfig',
  ],
  placeholder: 'github_pat_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'github_pat_…',
  createKeyUrl: 'https://github.com/settings/personal-access-tokens',
  keys: [
    { prefix: 'github_pat_', rest: '[A-Za-z0-9_]{82}', name: 'fine-grained token' },
    {
      prefix: 'ghp_',
      rest: '[A-Za-z0-9]{36,255}',
      name: 'classic token',
      danger: 'admin',
      advice: 'It opens all repositories you see: a fine-grained token can be for one.',
    },
    { prefix: 'gho_', rest: '[A-Za-z0-9]{36,255}', name: 'OAuth token' },
    { prefix: 'ghu_', rest: '[A-Za-z0-9]{36,255}', name: 'user token of an app' },
    {
      prefix: 'ghs_',
      rest: '[A-Za-z0-9]{36,255}',
      name: 'installation token',
      danger: 'wrong',
      advice: 'It ends after an hour: store the app’s private key instead.',
    },
    {
      prefix: 'ghr_',
      rest: '[A-Za-z0-9]{36,255}',
      name: 'refresh token',
      danger: 'wrong',
      advice: 'It makes tokens and is none itself.',
    },
  ],
  values: [
    {
      id: 'owner',
      label: 'owner of the repository',
      hint: 'octocat',
      shape: '[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})',
    },
    { id: 'repo', label: 'repository', hint: 'hello-world', shape: '[A-Za-z0-9._-]{1,100}' },
  ],
  capabilities: [
    {
      id: 'github-repo-read',
      label: 'Read one repository',
      description: 'Reads code, issues and runs of the repository you name.',
      risk: 'read',
      allow: ['GET,HEAD /repos/{owner}/{repo}', 'GET,HEAD /repos/{owner}/{repo}/**'],
      deny: [
        '* /repos/{owner}/{repo}/keys',
        '* /repos/{owner}/{repo}/keys/**',
        '* /repos/{owner}/{repo}/hooks',
        '* /repos/{owner}/{repo}/hooks/**',
        '* /repos/{owner}/{repo}/**/secrets',
        '* /repos/{owner}/{repo}/**/secrets/**',
        '* /repos/{owner}/{repo}/**/generate-report',
      ],
    },
    {
      id: 'github-issues',
      label: 'Issues of one repository',
      description: 'Reads, writes and comments issues of the repository you name, in your name.',
      risk: 'write',
      allow: [
        'GET,HEAD /repos/{owner}/{repo}/issues',
        'GET,HEAD /repos/{owner}/{repo}/issues/**',
        'POST /repos/{owner}/{repo}/issues',
        'PATCH /repos/{owner}/{repo}/issues/*',
        'POST /repos/{owner}/{repo}/issues/*/comments',
      ],
    },
    {
      id: 'github-read',
      label: 'Read everything',
      description: 'Reads everything the token sees, private repositories too.',
      risk: 'read',
      allow: ['GET,HEAD /**'],
      deny: [
        '* /repos/*/*/dependency-graph/sbom/generate-report',
        '* /user/keys',
        '* /user/keys/**',
        '* /user/gpg_keys',
        '* /user/ssh_signing_keys',
        '* /user/emails',
        '* /**/secrets',
        '* /**/secrets/**',
        '* /**/hooks',
        '* /**/hooks/**',
      ],
    },
    {
      id: 'github-graphql-read',
      label: 'GraphQL queries',
      description: 'Reads everything the token sees, private repositories too.',
      risk: 'read',
      allow: ['POST /graphql'],
      body: [{ op: 'graphql', kind: 'query', fields: null, names: null }],
    },
    {
      id: 'github-render',
      label: 'Render Markdown',
      description: 'Turns Markdown into HTML. Costs nothing.',
      risk: 'read',
      allow: ['POST /markdown', 'POST /markdown/raw'],
    },
  ],
  test: {
    method: 'GET',
    path: '/user',
    ok: 'status',
    answers: [
      { status: 403, holds: 'not accessible by integration', means: 'accepted' },
      { status: 403, holds: 'rate limit', means: 'unclear' },
    ],
  },
  hazards: [
    'A fine-grained token for one repository is enough for most sites.',
    'Downloads are answered with an address elsewhere, which is followed without the token.',
  ],
})
