import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Google Gemini (ai.google.dev, 2026). Older pages put the key into `?key=`: it is taken out and the header used. A
 * wrong key is answered with 400. The paths of OpenAI take a bearer.
 */
export const GEMINI = definePreset({
  id: 'gemini',
  label: 'Google Gemini API',
  baseUrls: ['https://generativelanguage.googleapis.com'],
  auth: [
    { paths: ['* /v1beta/openai/**'], auth: { kind: 'bearer', secret: 'value' } },
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'x-goog-api-key', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['x-goog-api-key', 'authorization'], query: ['key', 'access_token', 'x-goog-api-key'] },
  credentialMinting: ['POST /v1alpha/auth_tokens', 'POST /v1beta/auth_tokens'],
  placeholder: 'AIzaValetkeyPlaceholderRealKeyStaysHome',
  keyHint: 'AIza…',
  createKeyUrl: 'https://aistudio.google.com/apikey',
  keys: [
    { prefix: 'AIza', rest: '[0-9A-Za-z_-]{35}', name: 'Google API key', shared: true },
    { prefix: 'AQ.', rest: '[0-9A-Za-z_-]{30,}', name: 'key bound to a service account' },
  ],
  capabilities: [
    {
      id: 'gemini-generate',
      label: 'Generate',
      description: 'Sends prompts to any model and lists the models. Calls may cost.',
      risk: 'spend',
      allow: [
        'POST /v1beta/models/*:generateContent',
        'POST /v1beta/models/*:streamGenerateContent',
        'POST /v1beta/models/*:countTokens',
        'POST /v1/models/*:generateContent',
        'POST /v1/models/*:streamGenerateContent',
        'POST /v1/models/*:countTokens',
        'GET,HEAD /v1beta/models',
        'GET,HEAD /v1beta/models/*',
        'GET,HEAD /v1/models',
        'GET,HEAD /v1/models/*',
      ],
    },
    {
      id: 'gemini-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors. Calls may cost a little.',
      risk: 'spend',
      allow: ['POST /v1beta/models/*:embedContent', 'POST /v1beta/models/*:batchEmbedContents'],
    },
    {
      id: 'gemini-openai',
      label: 'Chat as OpenAI has it',
      description: 'Sends prompts the way OpenAI’s clients do, and lists the models. Calls may cost.',
      risk: 'spend',
      allow: [
        'POST /v1beta/openai/chat/completions',
        'POST /v1beta/openai/embeddings',
        'GET,HEAD /v1beta/openai/models',
      ],
    },
  ],
  test: {
    method: 'GET',
    path: '/v1beta/models?pageSize=1',
    ok: 'status',
    answers: [{ status: 400, holds: 'API_KEY_INVALID', means: 'key-refused' }],
  },
  hazards: [
    'The same kind of key may open Maps, YouTube and Firebase too: restrict it to this API where it was made.',
    'A prompt may name web addresses: Google then fetches what the site chose.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1beta/models?pageSize=1', 'x-goog-api-key: KEY'],
  answers: [
    [200, '{"models":[]}', 'accepted'],
    [
      400,
      '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}',
      'key-refused',
    ],
    [
      403,
      '{"error":{"code":403,"status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}',
      'lacks-scope',
    ],
    [400, '{"error":{"code":400,"message":"Invalid page size","status":"INVALID_ARGUMENT"}}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'Google API key': ['AIza{ALNUM 35}', 'AIza{ALNUM 34}', 'AIza{ALNUM 36}'],
    'key bound to a service account': ['AQ.{ALNUM 40}', 'AQ.{ALNUM 29}', 'AQ-{ALNUM 40}'],
  },
  capabilities: {
    'gemini-generate': {
      allow: [
        'POST /v1beta/models/gemini-2.5-flash:generateContent',
        'POST /v1beta/models/g:streamGenerateContent?alt=sse',
        'POST /v1beta/models/g:countTokens',
        'POST /v1/models/g:generateContent',
        'POST /v1/models/g:streamGenerateContent',
        'POST /v1/models/g:countTokens',
        'GET /v1beta/models?pageSize=1',
        'GET /v1beta/models/g',
        'GET /v1/models',
        'GET /v1/models/g',
      ],
      deny: {
        'no-rule': [
          'POST /v1beta/models/g:predict',
          'POST /v1beta/files',
          'GET /v1beta/files',
          'DELETE /v1beta/tunedModels/t',
          'POST /v1beta/cachedContents',
        ],
        'credential-minting': ['POST /v1alpha/auth_tokens'],
        'url-unsafe': ['POST /v1beta/models/%2e%2e/files'],
      },
    },
    'gemini-embed': {
      allow: ['POST /v1beta/models/e:embedContent', 'POST /v1beta/models/e:batchEmbedContents'],
      deny: {
        'no-rule': [
          'POST /v1beta/models/e:generateContent',
          'GET /v1beta/models',
          'POST /v1/models/e:embedContent',
        ],
      },
    },
    'gemini-openai': {
      allow: [
        'POST /v1beta/openai/chat/completions',
        'POST /v1beta/openai/embeddings',
        'GET /v1beta/openai/models',
      ],
      deny: {
        'no-rule': [
          'POST /v1beta/openai/images/generations',
          'POST /v1beta/models/g:generateContent',
          'DELETE /v1beta/openai/models',
        ],
      },
    },
  },
}
