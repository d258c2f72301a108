import { definePreset } from './define-preset.ts'

/**
 * Google Sheets (developers.google.com/sheets/api, version 4, 2026) with a service account. The test asks for a
 * sheet there is not: a token that is taken is answered with 404.
 */
export const GOOGLE_SHEETS = definePreset({
  id: 'google-sheets',
  label: 'Google Sheets',
  baseUrls: ['https://sheets.googleapis.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: {
        kind: 'google-service-account',
        scope: 'https://www.googleapis.com/auth/spreadsheets',
        subject: null,
        secret: 'service-account',
      },
    },
  ],
  strip: { headers: ['authorization', 'x-goog-api-key'], query: ['key', 'access_token'] },
  placeholder: 'ya29.valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'the JSON file of the account',
  createKeyUrl: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
  keys: [
    { prefix: '{', rest: '[^{}]*"type"\\s*:\\s*"service_account"[^{}]*\\}', name: 'service account' },
    {
      prefix: 'ya29.',
      rest: '[A-Za-z0-9_-]{20,}',
      name: 'access token',
      danger: 'wrong',
      advice: 'It ends after an hour: the JSON file of a service account is wanted.',
    },
  ],
  values: [
    {
      id: 'sheet',
      label: 'sheet',
      hint: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms',
      shape: '[A-Za-z0-9_-]{20,100}',
    },
  ],
  capabilities: [
    {
      id: 'sheets-read',
      label: 'Read one sheet',
      description: 'Reads all cells of the sheet you name.',
      risk: 'read',
      allow: [
        'GET,HEAD /v4/spreadsheets/{sheet}',
        'GET,HEAD /v4/spreadsheets/{sheet}/values/*',
        'GET,HEAD /v4/spreadsheets/{sheet}/values:batchGet',
      ],
    },
    {
      id: 'sheets-append',
      label: 'Append rows to one sheet',
      description: 'Adds rows to the sheet you name. Changes and deletes none.',
      risk: 'write',
      allow: [
        'POST /v4/spreadsheets/{sheet}/values/*:append?valueInputOption&insertDataOption&includeValuesInResponse&alt',
      ],
    },
  ],
  test: {
    method: 'GET',
    path: '/v4/spreadsheets/valetkey-no-such-sheet?fields=spreadsheetId',
    ok: 'status',
    answers: [{ status: 404, holds: 'NOT_FOUND', means: 'accepted' }],
  },
  hazards: ['Share with the service account the one sheet that sites may see, and nothing else.'],
})
