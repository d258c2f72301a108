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
