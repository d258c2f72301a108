import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * OpenAI's own API. Paths from its published OpenAPI description (repository openai/openai-openapi, August 2026);
 * key format as secret scanners know it (`sk-proj-` and at least 20 characters).
 */
export const OPENAI = definePreset({
  id: 'openai',
  label: 'OpenAI',
  baseUrls: ['https://api.openai.com'],
  local: false,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  // SECURITY: organization and project select who pays; they belong to the owner, not to the page.
  strip: { headers: ['authorization', 'openai-organization', 'openai-project'], query: [], jsonFields: [] },
  requiredHeaders: {},
  allowHeaders: ['openai-beta'],
  denyAlways: [],
  credentialMinting: ['POST /v1/realtime/**', 'POST /v1/chatkit/sessions', 'POST /v1/organization/**'],
  placeholder: 'sk-proj-valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: 'sk-proj-…',
  keyOptional: false,
  createKeyUrl: 'https://platform.openai.com/api-keys',
  keys: [
    { prefix: 'sk-proj-', rest: '[A-Za-z0-9_-]{20,}', name: 'project key' },
    { prefix: 'sk-svcacct-', rest: '[A-Za-z0-9_-]{20,}', name: 'service account key' },
    {
      prefix: 'sk-admin-',
      rest: '[A-Za-z0-9_-]{20,}',
      name: 'admin key',
      danger: 'admin',
      advice: 'It rules the organization and makes keys: use a project key.',
    },
    { prefix: 'sk-', rest: '[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}', name: 'user key of the old kind' },
  ],
  capabilities: [
    {
      id: 'openai-chat',
      label: 'Chat and responses',
      description: 'Sends prompts to any model of your account and lists the models. Each call costs tokens.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/responses/input_tokens',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'openai-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /v1/embeddings'],
    },
    {
      id: 'openai-images',
      label: 'Images',
      description: 'Makes and edits images. Each image costs more than a page of chat.',
      risk: 'spend',
      allow: ['POST /v1/images/generations', 'POST /v1/images/edits', 'POST /v1/images/variations'],
    },
    {
      id: 'openai-audio',
      label: 'Speech and transcription',
      description: 'Speaks text and writes down recordings. Each minute costs.',
      risk: 'spend',
      allow: ['POST /v1/audio/speech', 'POST /v1/audio/transcriptions', 'POST /v1/audio/translations'],
    },
    {
      id: 'openai-moderation',
      label: 'Moderation',
      description: 'Checks texts and images for harmful content. Free of charge.',
      risk: 'read',
      allow: ['POST /v1/moderations'],
    },
    {
      id: 'openai-read',
      label: 'Read everything stored',
      description:
        'Reads models, files and stored responses of the whole account, also those other sites made.',
      risk: 'read',
      allow: ['GET,HEAD /v1/**'],
      deny: ['* /v1/organization/**'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: [
    'A chat request may name tool servers: OpenAI then calls an address of the site’s choice.',
    'Use a project key with a spending limit of its own, not an admin key.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/models', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"list","data":[{"id":"m","object":"model"}]}', 'accepted'],
    [
      401,
      '{"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}',
      'key-refused',
    ],
    [
      403,
      '{"error": {"message": "You have insufficient permissions for this operation. Missing scopes: api.model.read", "type": "invalid_request_error", "code": "missing_scope"}}',
      'lacks-scope',
    ],
    [
      429,
      '{"error": {"message": "Rate limit reached", "type": "invalid_request_error", "code": "rate_limit_exceeded"}}',
      'unclear',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'project key': ['sk-proj-{ALNUM 40}', 'sk-proj-{ALNUM 19}', 'sk_proj-{ALNUM 40}'],
    'service account key': ['sk-svcacct-{ALNUM 40}', 'sk-svcacct-{ALNUM 19}'],
    'admin key': ['sk-admin-{ALNUM 40}', 'sk-admin-{ALNUM 19}'],
    'user key of the old kind': ['sk-{ALNUM 20}T3BlbkFJ{ALNUM 20}', 'sk-{ALNUM 20}T3BlbkFI{ALNUM 21}'],
  },
  capabilities: {
    'openai-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'gpt-5', messages: [] }],
        ['POST /v1/responses', { model: 'gpt-5', input: 'hi' }],
        ['POST /v1/responses/input_tokens', { input: 'hi' }],
        'GET /v1/models',
        'GET /v1/models/gpt-5',
      ],
      deny: {
        'no-rule': [
          'GET /v1/files',
          'DELETE /v1/models/ft:gpt-5:mine',
          'POST /v1/batches',
          'PUT /v1/chat/completions',
          'GET /v1/organization/costs',
          'GET /v1/usage',
        ],
        'credential-minting': [
          'POST /v1/realtime/client_secrets',
          'POST /v1/realtime/sessions',
          'POST /v1/chatkit/sessions',
          'POST /v1/organization/admin_api_keys',
        ],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'openai-embed': {
      allow: [
        ['POST /v1/embeddings', { model: 'text-embedding-3-small', input: 'a' }],
        'POST /v1/embeddings',
      ],
      deny: {
        'no-rule': ['GET /v1/embeddings', 'POST /v1/chat/completions', 'POST /v1/vector_stores'],
        'credential-minting': ['POST /v1/organization/projects/p/service_accounts'],
      },
    },
    'openai-images': {
      allow: ['POST /v1/images/generations', 'POST /v1/images/edits', 'POST /v1/images/variations'],
      deny: { 'no-rule': ['GET /v1/images/generations', 'POST /v1/videos', 'DELETE /v1/files/file-1'] },
    },
    'openai-audio': {
      allow: ['POST /v1/audio/speech', 'POST /v1/audio/transcriptions', 'POST /v1/audio/translations'],
      deny: { 'no-rule': ['POST /v1/audio/voices', 'POST /v1/chat/completions', 'GET /v1/audio/speech'] },
    },
    'openai-moderation': {
      allow: [['POST /v1/moderations', { input: 'a' }], 'POST /v1/moderations'],
      deny: { 'no-rule': ['GET /v1/moderations', 'POST /v1/chat/completions', 'DELETE /v1/moderations'] },
    },
    'openai-read': {
      allow: ['GET /v1/models', 'GET /v1/files/file-1/content', 'HEAD /v1/responses/resp_1'],
      deny: {
        'rule-deny': [
          'GET /v1/organization/users',
          'GET /v1/organization/admin_api_keys',
          'HEAD /v1/ORGANIZATION/costs',
        ],
        'no-rule': ['POST /v1/files', 'DELETE /v1/files/file-1'],
      },
    },
  },
}
