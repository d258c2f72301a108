import type { PresetExamples } from '../model/preset-examples.ts'
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

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { sheet: '1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms' },
  testCall: ['GET /v4/spreadsheets/valetkey-no-such-sheet?fields=spreadsheetId', 'token'],
  answers: [
    [
      404,
      '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}',
      'accepted',
    ],
    [401, '{"error":{"code":401,"status":"UNAUTHENTICATED"}}', 'key-refused'],
    [
      403,
      '{"error":{"code":403,"status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'service account': [
      '{ "type": "service_account", "project_id": "p", "private_key": "-----BEGIN" }',
      '{ "type": "authorized_user", "client_id": "c" }',
      '{ "type": "service_account"',
    ],
    'access token': ['ya29.{ALNUM 60}', 'ya29.{ALNUM 19}'],
  },
  capabilities: {
    'sheets-read': {
      allow: [
        'GET /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms?fields=sheets.properties',
        'GET /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/A1%3AB2',
        'GET /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values:batchGet?ranges=A1',
      ],
      deny: {
        'no-rule': [
          'GET /v4/spreadsheets/another-sheet-of-the-same-account',
          'POST /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms:batchUpdate',
          'POST /v4/spreadsheets',
          'PUT /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/A1',
        ],
        'url-unsafe': ['GET /v4/spreadsheets/%2e%2e/x'],
      },
    },
    'sheets-append': {
      allow: [
        [
          'POST /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/A1:append?valueInputOption=RAW',
          { values: [['a']] },
        ],
        [
          'POST /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/Sheet1:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS',
          { values: [] },
        ],
      ],
      deny: {
        'no-rule': [
          'POST /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/A1:clear',
          'PUT /v4/spreadsheets/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/values/A1',
          'POST /v4/spreadsheets/another-sheet-of-the-same-account/values/A1:append',
        ],
        'url-unsafe': ['POST /v4/spreadsheets/%2e%2e/x:append'],
      },
    },
  },
}
