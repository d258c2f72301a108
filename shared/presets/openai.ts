import type { Preset } from '../model/preset.ts'

/**
 * OpenAI's own API. Paths from its published OpenAPI description (repository openai/openai-openapi, August 2026);
 * key format as secret scanners know it (`sk-proj-` and at least 20 characters).
 */
export const OPENAI: Preset = {
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
}
