import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Supabase (supabase.com/docs/guides/api, 2026). Two headers carry the key. Changing rows is left out: without a
 * filter it hits every row, and a rule cannot demand one.
 */
export const SUPABASE = definePreset({
  id: 'supabase',
  label: 'Supabase (one project)',
  baseUrls: [],
  baseUrlHint: 'https://your-project.supabase.co',
  auth: [
    {
      paths: ['* /**'],
      auth: {
        kind: 'header',
        headers: [
          { name: 'apikey', format: '{}', secret: 'value' },
          { name: 'authorization', format: 'Bearer {}', secret: 'value' },
        ],
      },
    },
  ],
  strip: { headers: ['apikey', 'authorization'], query: ['apikey'] },
  denyAlways: ['* /auth/v1/admin/**', '* /pg/**'],
  credentialMinting: ['POST /auth/v1/token', 'POST /auth/v1/otp', 'POST /auth/v1/verify'],
  placeholder: 'sb_secret_valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'sb_secret_…',
  createKeyUrl: 'https://supabase.com/dashboard/project/_/settings/api-keys',
  keys: [
    {
      prefix: 'sb_secret_',
      rest: '[A-Za-z0-9_-]{20,}',
      name: 'secret key',
      danger: 'admin',
      advice: 'It goes past the rules on rows: use a publishable key with such rules where that is enough.',
    },
    { prefix: 'sb_publishable_', rest: '[A-Za-z0-9_-]{20,}', name: 'publishable key' },
    {
      prefix: 'eyJ',
      rest: '[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20,}',
      name: 'JSON web token, as Supabase’s anon and service_role keys are',
      shared: true,
    },
    {
      prefix: 'sbp_',
      rest: '[a-f0-9]{40}',
      name: 'management token',
      danger: 'wrong',
      advice: 'It rules all your projects: the project’s API wants sb_secret_ or sb_publishable_.',
    },
  ],
  values: [
    { id: 'table', label: 'table', hint: 'todos', shape: '[A-Za-z_][A-Za-z0-9_]{0,62}' },
    { id: 'function', label: 'function', hint: 'hello', shape: '[A-Za-z_][A-Za-z0-9_-]{0,62}' },
  ],
  capabilities: [
    {
      id: 'supabase-table-read',
      label: 'Read tables',
      description: 'Reads all tables and views the key sees.',
      risk: 'read',
      allow: ['GET,HEAD /rest/v1/*'],
    },
    {
      id: 'supabase-insert',
      label: 'Add rows to one table',
      description: 'Adds rows to the table you name. Changes and deletes none.',
      risk: 'write',
      allow: ['POST /rest/v1/{table}?columns&select'],
    },
    {
      id: 'supabase-functions',
      label: 'Call one function',
      description: 'Calls the function you name, at the edge or in the database.',
      risk: 'write',
      allow: ['POST /functions/v1/{function}', 'POST /rest/v1/rpc/{function}'],
    },
  ],
  test: { method: 'GET', path: '/rest/v1/', ok: 'status' },
  hazards: [
    'A secret key (sb_secret_, service_role) goes past the rules on rows: it sees everyone’s.',
    'Where people log in, their own tokens are replaced by this key.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  values: { table: 'todos', function: 'hello' },
  testCall: ['GET /rest/v1/', 'apikey: KEY, authorization: Bearer KEY'],
  answers: [
    [200, '{"swagger":"2.0"}', 'accepted'],
    [401, '{"message":"Invalid API key","hint":"Double check your API key."}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'secret key': ['sb_secret_{ALNUM 31}', 'sb_secret_short'],
    'publishable key': ['sb_publishable_{ALNUM 31}', 'sb_publishable_short'],
    'management token': ['sbp_{HEX 40}', 'sbp_{HEX 39}'],
    'JSON web token, as Supabase’s anon and service_role keys are': [
      'eyJ{ALNUM 20}.eyJ{ALNUM 40}.{ALNUM 43}',
      'eyJ{ALNUM 20}.eyJ{ALNUM 40}',
    ],
  },
  capabilities: {
    'supabase-table-read': {
      allow: ['GET /rest/v1/todos?select=*', 'HEAD /rest/v1/todos?select=id&done=eq.true'],
      deny: {
        'no-rule': [
          'POST /rest/v1/todos',
          'PATCH /rest/v1/todos',
          'DELETE /rest/v1/todos?id=eq.1',
          'GET /storage/v1/bucket',
          'POST /rest/v1/rpc/f',
        ],
        'always-denied': ['GET /auth/v1/admin/users'],
        'url-unsafe': ['GET /rest/v1/%2e%2e/auth'],
      },
    },
    'supabase-insert': {
      allow: [
        ['POST /rest/v1/todos', { title: 'a' }],
        ['POST /rest/v1/todos?select=id', [{ title: 'a' }]],
      ],
      deny: {
        'query-not-listed': ['POST /rest/v1/todos?on_conflict=id'],
        'no-rule': ['PATCH /rest/v1/todos?id=eq.1', 'POST /rest/v1/others', 'DELETE /rest/v1/todos'],
        'always-denied': ['POST /auth/v1/admin/users'],
      },
    },
    'supabase-functions': {
      allow: [
        ['POST /functions/v1/hello', { name: 'a' }],
        ['POST /rest/v1/rpc/hello', {}],
      ],
      deny: {
        'no-rule': ['POST /functions/v1/other', 'POST /rest/v1/todos', 'GET /functions/v1/hello'],
        'always-denied': ['POST /auth/v1/admin/generate_link'],
      },
    },
  },
}
