import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Sentry (docs.sentry.io/api, 2026). Keys of projects and of the organisation are readable by the same token, and
 * denied.
 */
export const SENTRY = definePreset({
  id: 'sentry',
  label: 'Sentry',
  baseUrls: ['https://sentry.io', 'https://us.sentry.io', 'https://de.sentry.io'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  denyAlways: ['* /api/0/api-tokens/**'],
  credentialMinting: [
    'POST /api/0/projects/*/*/keys/',
    'POST /api/0/api-tokens/',
    'POST /api/0/organizations/*/org-auth-tokens/',
  ],
  placeholder: 'sntrys_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'sntrys_…',
  createKeyUrl: 'https://sentry.io/settings/account/api/auth-tokens/',
  keys: [
    { prefix: 'sntrys_', rest: '[A-Za-z0-9+/=_]{20,}', name: 'organisation token' },
    {
      prefix: 'sntryu_',
      rest: '[a-f0-9]{64}',
      name: 'personal token',
      danger: 'admin',
      advice: 'It may do whatever you may: an organisation token can do less.',
    },
  ],
  values: [{ id: 'org', label: 'organisation', hint: 'acme', shape: '[a-z0-9][a-z0-9_-]{0,63}' }],
  capabilities: [
    {
      id: 'sentry-read',
      label: 'Read one organisation',
      description: 'Reads issues and events of the organisation you name.',
      risk: 'read',
      allow: [
        'GET,HEAD /api/0/organizations/{org}/**',
        'GET,HEAD /api/0/projects/{org}/**',
        'GET,HEAD /api/0/issues/**',
      ],
      deny: [
        '* /api/0/projects/*/*/keys/**',
        '* /api/0/organizations/*/api-keys/**',
        '* /api/0/organizations/*/org-auth-tokens/**',
        '* /api/0/organizations/*/project-keys/**',
        '* /api/0/organizations/*/sentry-apps/**',
      ],
    },
    {
      id: 'sentry-issues',
      label: 'Work on issues',
      description: 'Reads issues, resolves and assigns them, in your name.',
      risk: 'write',
      allow: ['GET,HEAD /api/0/issues/*/', 'PUT /api/0/issues/*/'],
    },
  ],
  test: { method: 'GET', path: '/api/0/', ok: 'status' },
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { org: 'acme' },
  testCall: ['GET /api/0/', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"version":"0","auth":{"scopes":["org:read"]},"user":null}', 'accepted'],
    [401, '{"detail":"Invalid token"}', 'key-refused'],
    [403, '{"detail":"You do not have permission to perform this action."}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'organisation token': ['sntrys_{ALNUM 100}', 'sntrys_{ALNUM 19}'],
    'personal token': ['sntryu_{HEX 64}', 'sntryu_{HEX 63}'],
  },
  capabilities: {
    'sentry-read': {
      allow: [
        'GET /api/0/organizations/acme/issues/?query=is%3Aunresolved',
        'GET /api/0/projects/acme/web/events/',
        'GET /api/0/issues/1/events/latest/',
      ],
      deny: {
        'rule-deny': [
          'GET /api/0/projects/acme/web/keys/',
          'GET /api/0/organizations/acme/api-keys/',
          'GET /api/0/organizations/acme/org-auth-tokens/',
          'GET /api/0/organizations/acme/project-keys/',
        ],
        'no-rule': [
          'GET /api/0/organizations/other/issues/',
          'PUT /api/0/issues/1/',
          'DELETE /api/0/projects/acme/web/',
        ],
        'credential-minting': ['POST /api/0/projects/acme/web/keys/'],
        'url-unsafe': ['GET /api/0/projects/acme/%2e%2e/x'],
      },
    },
    'sentry-issues': {
      allow: ['GET /api/0/issues/1/', ['PUT /api/0/issues/1/', { status: 'resolved' }]],
      deny: {
        'no-rule': [
          'DELETE /api/0/issues/1/',
          'GET /api/0/organizations/acme/members/',
          'PUT /api/0/projects/acme/web/',
        ],
      },
    },
  },
}
