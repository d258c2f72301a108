import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Linear (linear.app/developers/graphql, 2026). One address; the operation stands in the body, and errors come with
 * status 200 or 400. Mutations are named one by one: there are some that make keys, webhooks and administrators.
 */
export const LINEAR = definePreset({
  id: 'linear',
  label: 'Linear',
  baseUrls: ['https://api.linear.app'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'authorization', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization'] },
  placeholder: 'lin_api_valetkeyPlaceholderTheRealKeyStaysOnYourOwn00',
  keyHint: 'lin_api_…',
  createKeyUrl: 'https://linear.app/settings/account/security',
  keys: [
    { prefix: 'lin_api_', rest: '[A-Za-z0-9]{40}', name: 'personal API key' },
    {
      prefix: 'lin_oauth_',
      rest: '[A-Za-z0-9]{40,}',
      name: 'OAuth token',
      danger: 'wrong',
      advice: 'It goes into a bearer: add Linear by hand with `--auth bearer`.',
    },
    {
      prefix: 'lin_wh_',
      rest: '[A-Za-z0-9]{10,}',
      name: 'webhook secret',
      danger: 'wrong',
      advice: 'It proves calls from Linear: the API wants lin_api_.',
    },
  ],
  capabilities: [
    {
      id: 'linear-read',
      label: 'Read',
      description: 'Reads issues, projects and people of the workspace.',
      risk: 'read',
      allow: ['POST /graphql'],
      body: [{ op: 'graphql', kind: 'query', fields: null, names: null }],
    },
    {
      id: 'linear-write',
      label: 'Read, and write issues',
      description: 'Also writes issues and comments, in your name.',
      risk: 'write',
      allow: ['POST /graphql'],
      body: [
        { op: 'graphql', kind: 'query', fields: null, names: null },
        {
          op: 'graphql',
          kind: 'mutation',
          fields: [
            'issueCreate',
            'issueUpdate',
            'commentCreate',
            'commentUpdate',
            'issueAddLabel',
            'issueRemoveLabel',
            'reactionCreate',
            'reactionDelete',
          ],
          names: null,
        },
      ],
    },
  ],
  test: {
    method: 'POST',
    path: '/graphql',
    body: '{"query":"{viewer{id}}"}',
    ok: 'graphql',
    answers: [
      { status: 400, holds: 'AUTHENTICATION_ERROR', means: 'key-refused' },
      { status: 400, holds: 'FORBIDDEN', means: 'lacks-scope' },
    ],
  },
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /graphql', 'authorization: KEY'],
  answers: [
    [200, '{"data":{"viewer":{"id":"u"}}}', 'accepted'],
    [
      400,
      '{"errors":[{"message":"Authentication required, not authenticated","extensions":{"code":"AUTHENTICATION_ERROR"}}]}',
      'key-refused',
    ],
    [
      200,
      '{"errors":[{"message":"Authentication required, not authenticated","extensions":{"code":"AUTHENTICATION_ERROR"}}]}',
      'key-refused',
    ],
    [400, '{"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'personal API key': ['lin_api_{ALNUM 40}', 'lin_api_{ALNUM 39}'],
    'OAuth token': ['lin_oauth_{HEX 64}', 'lin_oauth_{HEX 39}'],
    'webhook secret': ['lin_wh_{ALNUM 20}', 'lin_wh_short'],
  },
  capabilities: {
    'linear-read': {
      allow: [
        ['POST /graphql', { query: '{viewer{id}}' }],
        ['POST /graphql', { query: 'query Q{issues(first:10){nodes{id title}}}' }],
      ],
      deny: {
        'body-rule': [
          ['POST /graphql', { query: 'mutation{issueCreate(input:{teamId:"t",title:"a"}){success}}' }],
          ['POST /graphql', { query: 'mutation{apiKeyCreate(input:{label:"a",key:"k"}){success}}' }],
          ['POST /graphql', { query: 'subscription{issueCreated{id}}' }],
        ],
        'no-rule': ['GET /graphql', 'POST /oauth/revoke'],
      },
    },
    'linear-write': {
      allow: [
        ['POST /graphql', { query: 'mutation{issueCreate(input:{teamId:"t",title:"a"}){success}}' }],
        ['POST /graphql', { query: 'mutation M{commentCreate(input:{issueId:"i",body:"a"}){success}}' }],
        ['POST /graphql', { query: '{viewer{id}}' }],
      ],
      deny: {
        'body-rule': [
          ['POST /graphql', { query: 'mutation{apiKeyCreate(input:{label:"a",key:"k"}){success}}' }],
          [
            'POST /graphql',
            { query: 'mutation{webhookCreate(input:{url:"https://evil.example"}){success}}' },
          ],
          [
            'POST /graphql',
            { query: 'mutation{issueCreate(input:{}){success} userPromoteAdmin(id:"u"){success}}' },
          ],
          ['POST /graphql', { query: 'mutation{issueDelete(id:"i"){success}}' }],
        ],
        'no-rule': ['GET /graphql'],
      },
    },
  },
}
