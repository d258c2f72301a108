import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * The server of llama.cpp (tools/server of ggml-org/llama.cpp; read at c392e5094). The list of models is open even
 * where it has keys, so the test asks it to cut a word into tokens. SECURITY: slots hold what others asked.
 */
export const LLAMACPP = definePreset({
  id: 'llamacpp',
  label: 'llama.cpp server (on this machine)',
  baseUrls: ['http://127.0.0.1:8080'],
  local: true,
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'origin', 'referer', 'cookie'] },
  denyAlways: [
    '* /slots',
    '* /slots/**',
    'POST /props',
    'POST /lora-adapters',
    '* /models/load',
    '* /models/unload',
  ],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyOptional: true,
  createKeyUrl: null,
  capabilities: [
    {
      id: 'llamacpp-chat',
      label: 'Chat',
      description: 'Sends prompts to the model of the server.',
      risk: 'spend',
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /completion',
        'POST /tokenize',
        'POST /detokenize',
        'GET,HEAD /health',
        'GET,HEAD /v1/models',
      ],
    },
    {
      id: 'llamacpp-models',
      label: 'List models only',
      description: 'Sees which model the server has.',
      risk: 'read',
      allow: ['GET,HEAD /v1/models', 'GET,HEAD /health'],
    },
  ],
  test: { method: 'POST', path: '/tokenize', body: '{"content":"ping"}', ok: 'status' },
  hazards: ['Start it with `--api-key`, or any program on this machine can use it.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /tokenize', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"tokens":[1]}', 'accepted'],
    [401, '{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}', 'key-refused'],
    [503, '{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'llamacpp-chat': {
      allow: [
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /completion',
        'POST /tokenize',
        'POST /detokenize',
        'GET /health',
        'GET /v1/models',
      ],
      deny: {
        'always-denied': ['GET /slots', 'POST /slots/0?action=save', 'POST /props', 'POST /lora-adapters'],
        'no-rule': ['GET /metrics', 'DELETE /v1/models', 'POST /infill'],
        'url-unsafe': ['POST /%2e%2e/slots'],
      },
    },
    'llamacpp-models': {
      allow: ['GET /v1/models', 'GET /health'],
      deny: { 'no-rule': ['POST /v1/chat/completions', 'POST /completion'], 'always-denied': ['GET /slots'] },
    },
  },
}
