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
