import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * ElevenLabs (elevenlabs.io/docs/api-reference, 2026). A key may lack the right to read the account and be good all
 * the same: 401 with missing_permissions.
 */
export const ELEVENLABS = definePreset({
  id: 'elevenlabs',
  label: 'ElevenLabs',
  baseUrls: [
    'https://api.elevenlabs.io',
    'https://api.us.elevenlabs.io',
    'https://api.eu.residency.elevenlabs.io',
  ],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'xi-api-key', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization', 'xi-api-key'] },
  credentialMinting: [
    'GET /v1/convai/conversation/get-signed-url',
    'GET /v1/convai/conversation/get_signed_url',
    'GET /v1/convai/conversation/token',
    'POST /v1/single-use-token/**',
  ],
  placeholder: 'sk_valetkey_placeholder_the_real_key_stays_on_your_machine',
  keyHint: 'sk_…',
  createKeyUrl: 'https://elevenlabs.io/app/settings/api-keys',
  keys: [{ prefix: 'sk_', rest: '[a-f0-9]{48}', name: 'API key' }],
  capabilities: [
    {
      id: 'elevenlabs-tts',
      label: 'Text to speech',
      description: 'Speaks text in any voice of your account, and lists voices. Each character costs.',
      risk: 'spend',
      allow: [
        'POST /v1/text-to-speech/*',
        'POST /v1/text-to-speech/*/stream',
        'GET,HEAD /v1/voices',
        'GET,HEAD /v2/voices',
        'GET,HEAD /v1/models',
      ],
    },
    {
      id: 'elevenlabs-stt',
      label: 'Transcription',
      description: 'Writes down recordings. Each minute costs.',
      risk: 'spend',
      allow: ['POST /v1/speech-to-text'],
    },
  ],
  test: {
    method: 'GET',
    path: '/v1/user/subscription',
    ok: 'status',
    answers: [{ status: 401, holds: 'missing_permissions', means: 'lacks-scope' }],
  },
  hazards: ['A voice of your account may be the voice of a person.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/user/subscription', 'xi-api-key: KEY'],
  answers: [
    [200, '{"tier":"free","character_count":1}', 'accepted'],
    [401, '{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}', 'key-refused'],
    [
      401,
      '{"detail":{"status":"missing_permissions","message":"The API key you used is missing the permission user_read to execute this operation."}}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: { 'API key': ['sk_{HEX 48}', 'sk_{HEX 47}'] },
  capabilities: {
    'elevenlabs-tts': {
      allow: [
        ['POST /v1/text-to-speech/v?output_format=mp3_44100_128', { text: 'a' }],
        'POST /v1/text-to-speech/v/stream',
        'GET /v1/voices',
        'GET /v2/voices',
        'GET /v1/models',
      ],
      deny: {
        'no-rule': [
          'POST /v1/voices/add',
          'DELETE /v1/voices/v',
          'GET /v1/history',
          'GET /v1/user',
          'POST /v1/dubbing',
        ],
        'credential-minting': [
          'POST /v1/single-use-token/tts_websocket',
          'GET /v1/convai/conversation/get-signed-url',
        ],
        'url-unsafe': ['POST /v1/text-to-speech/%2e%2e/voices'],
      },
    },
    'elevenlabs-stt': {
      allow: ['POST /v1/speech-to-text', 'POST /v1/speech-to-text?enable_logging=false'],
      deny: {
        'no-rule': [
          'GET /v1/speech-to-text/transcripts/t',
          'POST /v1/text-to-speech/v',
          'DELETE /v1/speech-to-text',
        ],
      },
    },
  },
}
