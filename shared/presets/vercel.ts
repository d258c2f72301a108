import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Vercel (vercel.com/docs/rest-api, 2026). A wrong token is answered with 403, as is one without the right.
 * SECURITY: environment variables come in clear with `decrypt`, so nothing below `env` is readable.
 */
export const VERCEL = definePreset({
  id: 'vercel',
  label: 'Vercel',
  baseUrls: ['https://api.vercel.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  denyAlways: ['* /**/env', '* /**/env/**', '* /**/user/tokens', '* /**/user/tokens/**'],
  credentialMinting: ['POST /v3/user/tokens', 'POST /**/tokens', 'POST /**/tokens/**'],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '24 letters and digits',
  createKeyUrl: 'https://vercel.com/account/settings/tokens',
  capabilities: [
    {
      id: 'vercel-read',
      label: 'Read projects and deployments',
      description: 'Reads projects, deployments and domains of your account and teams.',
      risk: 'read',
      allow: [
        'GET,HEAD /v*/projects',
        'GET,HEAD /v*/projects/*',
        'GET,HEAD /v*/deployments',
        'GET,HEAD /v*/deployments/*',
        'GET,HEAD /v*/deployments/*/events',
        'GET,HEAD /v*/domains',
        'GET,HEAD /v*/domains/*',
        'GET,HEAD /v2/user',
        'GET,HEAD /v2/teams',
      ],
    },
    {
      id: 'vercel-deployments',
      label: 'Read deployments only',
      description: 'Sees which deployments there are and how they went.',
      risk: 'read',
      allow: ['GET,HEAD /v*/deployments', 'GET,HEAD /v*/deployments/*'],
    },
  ],
  test: {
    method: 'GET',
    path: '/v2/user',
    ok: 'status',
    answers: [
      { status: 403, holds: 'invalidToken', means: 'key-refused' },
      { status: 403, holds: 'Not authorized', means: 'key-refused' },
    ],
  },
  hazards: ['A project’s record holds its plain environment variables.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v2/user', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"user":{"id":"u"}}', 'accepted'],
    [
      403,
      '{"error":{"code":"forbidden","message":"The token is no longer valid","invalidToken":true}}',
      'key-refused',
    ],
    [403, '{"error":{"code":"forbidden","message":"Not authorized"}}', 'key-refused'],
    [403, '{"error":{"code":"forbidden","message":"You do not have access to the team."}}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'vercel-read': {
      allow: [
        'GET /v9/projects?limit=10',
        'GET /v9/projects/p',
        'GET /v6/deployments',
        'GET /v13/deployments/d',
        'GET /v3/deployments/d/events',
        'GET /v5/domains',
        'GET /v5/domains/a.example',
        'GET /v2/user',
        'GET /v2/teams',
      ],
      deny: {
        'always-denied': [
          'GET /v9/projects/p/env?decrypt=true',
          'GET /v1/projects/p/env/e',
          'GET /v1/env/shared',
          'GET /v5/user/tokens',
          'POST /v3/user/tokens',
        ],
        'no-rule': [
          'DELETE /v9/projects/p',
          'POST /v13/deployments',
          'PATCH /v9/projects/p',
          'GET /v1/edge-config/e/tokens',
        ],
        'url-unsafe': ['GET /v9/projects/p/%2e%2e/env'],
      },
    },
    'vercel-deployments': {
      allow: ['GET /v6/deployments?projectId=p', 'GET /v13/deployments/d'],
      deny: {
        'no-rule': ['GET /v9/projects', 'POST /v13/deployments', 'PATCH /v12/deployments/d/cancel'],
        'always-denied': ['GET /v9/projects/p/env'],
      },
    },
  },
}
