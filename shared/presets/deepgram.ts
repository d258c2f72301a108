import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Deepgram (developers.deepgram.com, 2026). The scheme word is Token. Query names are listed one by one, because
 * `callback` would send the result to any address; /v1/auth/token is what its documentation names for trying a key.
 */
export const DEEPGRAM = definePreset({
  id: 'deepgram',
  label: 'Deepgram',
  baseUrls: ['https://api.deepgram.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'authorization', format: 'Token {}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization'] },
  credentialMinting: ['POST /v1/auth/grant', 'POST /v1/projects/*/keys'],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '40 hex digits',
  createKeyUrl: 'https://console.deepgram.com',
  capabilities: [
    {
      id: 'deepgram-transcribe',
      label: 'Transcribe',
      description: 'Writes down recordings and lists the models. Each minute costs.',
      risk: 'spend',
      allow: [
        'POST /v1/listen?model&version&language&detect_language&punctuate&smart_format&diarize&diarize_version&paragraphs&utterances&utt_split&numerals&measurements&dictation&filler_words&profanity_filter&redact&replace&search&keywords&keyterm&multichannel&channels&encoding&sample_rate&tier&summarize&topics&intents&sentiment&detect_entities&custom_topic&custom_topic_mode&custom_intent&custom_intent_mode&tag&mip_opt_out&extra',
        'GET,HEAD /v1/models',
      ],
    },
    {
      id: 'deepgram-speak',
      label: 'Speak and analyse',
      description: 'Speaks text, and finds topics and moods in it. Each character costs.',
      risk: 'spend',
      allow: [
        'POST /v1/speak?model&encoding&container&sample_rate&bit_rate&tag&mip_opt_out',
        'POST /v1/read?summarize&topics&intents&sentiment&language&custom_topic&custom_topic_mode&custom_intent&custom_intent_mode&tag',
      ],
    },
  ],
  test: { method: 'GET', path: '/v1/auth/token', ok: 'status' },
  hazards: [
    'Deepgram fetches the address that a call names as its recording.',
    'Live transcription goes over WebSockets, which carry the key themselves and are not brokered.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/auth/token', 'authorization: Token KEY'],
  answers: [
    [200, '{"api_key_id":"i","scopes":["usage:write"]}', 'accepted'],
    [401, '{"err_code":"INVALID_AUTH","err_msg":"Invalid credentials.","request_id":"r"}', 'key-refused'],
    [403, '{"err_code":"INSUFFICIENT_PERMISSIONS","err_msg":"no"}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'deepgram-transcribe': {
      allow: [
        ['POST /v1/listen?model=nova-3&smart_format=true', { url: 'https://a.example/b.wav' }],
        ['POST /v1/listen', 'RIFF', 'audio/wav'],
        'GET /v1/models',
      ],
      deny: {
        'query-not-listed': [
          'POST /v1/listen?callback=https%3A%2F%2Fevil.example',
          'POST /v1/listen?model=nova-3&model=nova-2',
        ],
        'no-rule': [
          'GET /v1/projects',
          'DELETE /v1/projects/p',
          'GET /v1/projects/p/balances',
          'GET /v1/listen',
        ],
        'credential-minting': ['POST /v1/auth/grant', 'POST /v1/projects/p/keys'],
        'url-unsafe': ['POST /v1/%2e%2e/v1/listen'],
      },
    },
    'deepgram-speak': {
      allow: [
        ['POST /v1/speak?model=aura-2-thalia-en', { text: 'a' }],
        ['POST /v1/read?summarize=true&language=en', { text: 'a' }],
      ],
      deny: {
        'query-not-listed': [
          'POST /v1/speak?callback=https%3A%2F%2Fevil.example',
          'POST /v1/read?callback=x',
        ],
        'no-rule': ['POST /v1/listen'],
        'credential-minting': ['POST /v1/auth/grant'],
      },
    },
  },
}
