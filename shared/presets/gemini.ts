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
