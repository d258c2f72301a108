import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Ollama (docs.ollama.com/api; source at fb3076099, August 2026). It has no key unless something stands before it,
 * so the grant is the only gate. SECURITY: pulling, pushing and deleting models and signing out are its owner’s;
 * what is experimental leaves the machine.
 */
export const OLLAMA = definePreset({
  id: 'ollama',
  label: 'Ollama (on this machine)',
  baseUrls: ['http://127.0.0.1:11434'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'origin', 'referer', 'cookie'] },
  denyAlways: [
    '* /api/pull',
    '* /api/push',
    '* /api/create',
    '* /api/copy',
    '* /api/delete',
    '* /api/blobs/**',
    '* /api/signout',
    '* /api/user/**',
    '* /api/experimental/**',
  ],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'ollama-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of the server and lists the models.',
      risk: 'spend',
      allow: [
        'POST /api/chat',
        'POST /api/generate',
        'POST /api/embed',
        'POST /api/embeddings',
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/messages',
        'POST /v1/responses',
        'GET,HEAD /api/tags',
        'GET,HEAD /api/ps',
        'GET,HEAD /api/version',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'ollama-models',
      label: 'List models only',
      description: 'Sees which models the server has.',
      risk: 'read',
      allow: ['GET,HEAD /api/tags', 'GET,HEAD /api/ps', 'GET,HEAD /v1/models'],
    },
  ],
  test: { method: 'GET', path: '/api/tags', ok: 'status' },
  hazards: [
    'Models whose name ends in “-cloud” run at Ollama’s, not here.',
    'Without a key any program on this machine can use it.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /api/tags', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"models":[]}', 'accepted'],
    [401, '{"error":"unauthorized"}', 'key-refused'],
    [404, '404 page not found', 'wrong-base-url'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'ollama-chat': {
      allow: [
        'POST /api/chat',
        'POST /api/generate',
        'POST /api/embed',
        'POST /api/embeddings',
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/messages',
        'POST /v1/responses',
        'GET /api/tags',
        'GET /api/ps',
        'GET /api/version',
        'GET /v1/models',
        'GET /v1/models/m',
      ],
      deny: {
        'always-denied': [
          'POST /api/pull',
          'POST /api/push',
          'DELETE /api/delete',
          'POST /api/create',
          'HEAD /api/blobs/sha256:a',
          'POST /api/signout',
          'POST /api/experimental/web_fetch',
        ],
        'no-rule': ['POST /api/show', 'DELETE /v1/models/m'],
        'url-unsafe': ['POST /api/%2e%2e/api/pull'],
      },
    },
    'ollama-models': {
      allow: ['GET /api/tags', 'GET /api/ps', 'GET /v1/models'],
      deny: { 'no-rule': ['POST /api/chat', 'GET /api/version'], 'always-denied': ['POST /api/pull'] },
    },
  },
}
