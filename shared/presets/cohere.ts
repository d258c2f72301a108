import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Cohere (docs.cohere.com, 2026).
 */
export const COHERE = definePreset({
  id: 'cohere',
  label: 'Cohere',
  baseUrls: ['https://api.cohere.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization'] },
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '40 letters and digits',
  createKeyUrl: 'https://dashboard.cohere.com/api-keys',
  capabilities: [
    {
      id: 'cohere-chat',
      label: 'Chat',
      description: 'Sends prompts to any model and lists the models. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /v2/chat',
        'POST /v1/chat',
        'POST /v1/tokenize',
        'POST /v1/detokenize',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'cohere-search',
      label: 'Embed and rerank',
      description: 'Turns text into vectors and sorts search results. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /v2/embed', 'POST /v1/embed', 'POST /v2/rerank', 'POST /v1/rerank'],
    },
  ],
  test: {
    method: 'POST',
    path: '/v1/check-api-key',
    body: '{}',
    ok: 'status',
    answers: [{ status: 200, holds: '"valid":false', means: 'key-refused' }],
  },
  hazards: ['A v1 chat may name connectors: Cohere then calls an address that was set up in your account.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /v1/check-api-key', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"valid":true,"organization_id":"o"}', 'accepted'],
    [200, '{"valid": false}', 'key-refused'],
    [401, '{"message":"invalid api token"}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'cohere-chat': {
      allow: [
        ['POST /v2/chat', { model: 'm', messages: [] }],
        'POST /v1/chat',
        'POST /v1/tokenize',
        'POST /v1/detokenize',
        'GET /v1/models',
        'GET /v1/models/command',
      ],
      deny: {
        'no-rule': [
          'POST /v1/connectors',
          'GET /v1/datasets',
          'DELETE /v1/models/command',
          'POST /v1/finetuning/finetuned-models',
        ],
        'url-unsafe': ['POST /v2/%2e%2e/v1/connectors'],
      },
    },
    'cohere-search': {
      allow: ['POST /v2/embed', 'POST /v1/embed', 'POST /v2/rerank', 'POST /v1/rerank'],
      deny: { 'no-rule': ['POST /v2/chat', 'POST /v1/embed-jobs', 'GET /v2/embed'] },
    },
  },
}
