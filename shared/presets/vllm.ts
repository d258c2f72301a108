import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * vLLM (docs.vllm.ai, Online Serving, 2026). Its key guards /v1 only. SECURITY: loading adapters and putting the
 * server to sleep are its owner’s.
 */
export const VLLM = definePreset({
  id: 'vllm',
  label: 'vLLM (on this machine)',
  baseUrls: ['http://127.0.0.1:8000'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'origin', 'referer', 'cookie'] },
  denyAlways: ['* /v1/load_lora_adapter', '* /v1/unload_lora_adapter', '* /sleep', '* /wake_up'],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'vllm-chat',
      label: 'Chat',
      description: 'Sends prompts to any model of the server and lists the models.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/messages',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'vllm-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors and lists the models.',
      risk: 'spend',
      allow: ['POST /v1/embeddings', 'GET,HEAD /v1/models'],
    },
    {
      id: 'vllm-models',
      label: 'List models only',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /v1/models/*'],
    },
  ],
  test: { method: 'GET', path: '/v1/models', ok: 'status' },
  hazards: ['Its key guards /v1 only: other routes of the server are open to any program on this machine.'],
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
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'vllm-chat': {
      allow: [
        ['POST /v1/chat/completions', { model: 'm', messages: [] }],
        'POST /v1/responses',
        'POST /v1/completions',
        'POST /v1/messages',
        'GET /v1/models',
        'GET /v1/models/m',
      ],
      deny: {
        'no-rule': [
          'GET /v1/files',
          'DELETE /v1/models/m',
          'PUT /v1/chat/completions',
          'POST /v1/fine_tuning/jobs',
          'GET /v1/organization/costs',
        ],
        'always-denied': ['POST /v1/load_lora_adapter', 'POST /sleep'],
        'url-unsafe': ['POST /v1/chat/%2e%2e/files'],
      },
    },
    'vllm-embed': {
      allow: [['POST /v1/embeddings', { model: 'm', input: 'a' }], 'GET /v1/models'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'GET /v1/models/m', 'DELETE /v1/embeddings'] },
    },
    'vllm-models': {
      allow: ['GET /v1/models', 'HEAD /v1/models/m', 'GET /v1/models/m'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /v1/models', 'DELETE /v1/models/m'] },
    },
  },
}
