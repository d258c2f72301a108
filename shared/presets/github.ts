import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { owner: 'octocat', repo: 'hello-world' },
  testCall: ['GET /user', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"login":"octocat","id":1}', 'accepted'],
    [401, '{"message":"Bad credentials","status":"401"}', 'key-refused'],
    [403, '{"message":"Resource not accessible by integration"}', 'accepted'],
    [403, '{"message":"API rate limit exceeded for user ID 1."}', 'unclear'],
    [403, '{"message":"Resource protected by organization SAML enforcement."}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'fine-grained token': ['github_pat_{ALNUM 82}', 'github_pat_{ALNUM 81}'],
    'classic token': ['ghp_{ALNUM 36}', 'ghp_{ALNUM 35}', 'ghq_{ALNUM 36}'],
    'OAuth token': ['gho_{ALNUM 36}', 'gho_{ALNUM 35}'],
    'user token of an app': ['ghu_{ALNUM 36}', 'ghu_{ALNUM 35}'],
    'installation token': ['ghs_{ALNUM 36}', 'ghs_{ALNUM 35}'],
    'refresh token': ['ghr_{ALNUM 36}', 'ghr_{ALNUM 35}'],
  },
  capabilities: {
    'github-repo-read': {
      allow: [
        'GET /repos/octocat/hello-world',
        'GET /repos/octocat/hello-world/contents/README.md?ref=main',
        'GET /repos/octocat/hello-world/issues',
      ],
      deny: {
        'rule-deny': [
          'GET /repos/octocat/hello-world/keys',
          'GET /repos/octocat/hello-world/hooks',
          'GET /repos/octocat/hello-world/actions/secrets',
          'GET /repos/octocat/hello-world/dependency-graph/sbom/generate-report',
          'GET /repos/octocat/Hello-World/environments/e/secrets',
        ],
        'no-rule': [
          'GET /repos/octocat/other',
          'GET /user',
          'PUT /repos/octocat/hello-world/contents/.github/workflows/ci.yml',
          'DELETE /repos/octocat/hello-world',
        ],
        'credential-minting': ['POST /repos/octocat/hello-world/actions/runners/registration-token'],
        'url-unsafe': ['GET /repos/octocat/hello-world/%2e%2e/other'],
      },
    },
    'github-issues': {
      allow: [
        'GET /repos/octocat/hello-world/issues?state=open',
        'GET /repos/octocat/hello-world/issues/1/comments',
        ['POST /repos/octocat/hello-world/issues', { title: 'a' }],
        ['PATCH /repos/octocat/hello-world/issues/1', { state: 'closed' }],
        ['POST /repos/octocat/hello-world/issues/1/comments', { body: 'a' }],
      ],
      deny: {
        'no-rule': [
          'POST /repos/octocat/other/issues',
          'DELETE /repos/octocat/hello-world/issues/comments/1',
          'PUT /repos/octocat/hello-world/issues/1/lock',
          'POST /repos/octocat/hello-world/pulls',
        ],
        'url-unsafe': ['POST /repos/octocat/hello-world/issues/%2e%2e/keys'],
      },
    },
    'github-read': {
      allow: ['GET /user', 'GET /repos/a/b', 'GET /search/issues?q=a'],
      deny: {
        'rule-deny': [
          'GET /user/keys',
          'GET /user/emails',
          'GET /repos/a/b/actions/secrets',
          'GET /orgs/o/actions/secrets/public-key',
          'GET /repos/a/b/dependency-graph/sbom/generate-report',
          'GET /repos/a/b/hooks/1/deliveries',
        ],
        'no-rule': ['POST /user/repos', 'POST /gists', 'DELETE /repos/a/b'],
        'credential-minting': ['POST /app/installations/1/access_tokens'],
      },
    },
    'github-graphql-read': {
      allow: [
        ['POST /graphql', { query: '{viewer{login}}' }],
        ['POST /graphql', { query: 'query($n:String!){user(login:$n){id}}', variables: { n: 'a' } }],
      ],
      deny: {
        'body-rule': [
          ['POST /graphql', { query: 'mutation{createIssue(input:{}){issue{id}}}' }],
          ['POST /graphql', { query: 'mutation A{deleteRef(input:{refId:"r"}){clientMutationId}}' }],
        ],
        'no-rule': ['GET /graphql', 'GET /user'],
      },
    },
    'github-render': {
      allow: [
        ['POST /markdown', { text: '*a*' }],
        ['POST /markdown/raw', '*a*', 'text/plain'],
      ],
      deny: { 'no-rule': ['GET /markdown', 'POST /gists', 'POST /repos/a/b/issues'] },
    },
  },
}
