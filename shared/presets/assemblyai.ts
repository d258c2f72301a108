import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * AssemblyAI (assemblyai.com/docs, 2026). The header is the bare key, without a scheme word. Uploading is apart
 * from transcribing because a recording is no JSON that a condition could read.
 */
export const ASSEMBLYAI = definePreset({
  id: 'assemblyai',
  label: 'AssemblyAI',
  baseUrls: ['https://api.assemblyai.com', 'https://api.eu.assemblyai.com'],
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'authorization', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization'] },
  credentialMinting: ['GET /v3/token', 'POST /v2/realtime/token'],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: '32 hex digits',
  createKeyUrl: 'https://www.assemblyai.com/app/api-keys',
  capabilities: [
    {
      id: 'assemblyai-transcribe',
      label: 'Transcribe',
      description: 'Writes down recordings and reads the results. Each minute costs.',
      risk: 'spend',
      allow: ['POST /v2/transcript', 'GET,HEAD /v2/transcript/*', 'GET,HEAD /v2/transcript/*/**'],
      body: [{ op: 'absent', pointer: '/webhook_url' }],
    },
    {
      id: 'assemblyai-upload',
      label: 'Upload recordings',
      description: 'Puts recordings where they can be transcribed. Costs nothing.',
      risk: 'write',
      allow: ['POST /v2/upload'],
    },
    {
      id: 'assemblyai-read',
      label: 'Read transcripts',
      description: 'Reads every transcript of the account, also those other sites asked for.',
      risk: 'read',
      allow: ['GET,HEAD /v2/transcript', 'GET,HEAD /v2/transcript/**'],
    },
  ],
  test: { method: 'GET', path: '/v2/transcript?limit=1', ok: 'status' },
  hazards: ['AssemblyAI fetches the address that a call names as its recording.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v2/transcript?limit=1', 'authorization: KEY'],
  answers: [
    [200, '{"page_details":{"limit":1},"transcripts":[]}', 'accepted'],
    [401, '{"error":"Authentication error, API token missing/invalid"}', 'key-refused'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'assemblyai-transcribe': {
      allow: [
        ['POST /v2/transcript', { audio_url: 'https://a.example/b.mp3' }],
        'GET /v2/transcript/t',
        'GET /v2/transcript/t/srt',
      ],
      deny: {
        'body-rule': [['POST /v2/transcript', { audio_url: 'u', webhook_url: 'https://evil.example' }]],
        'no-rule': [
          'DELETE /v2/transcript/t',
          'GET /v2/transcript',
          'POST /v2/upload',
          'POST /lemur/v3/generate/task',
        ],
        'credential-minting': ['GET /v3/token', 'POST /v2/realtime/token'],
        'url-unsafe': ['GET /v2/transcript/t/%2e%2e/x'],
      },
    },
    'assemblyai-upload': {
      allow: ['POST /v2/upload', ['POST /v2/upload', 'RIFF', 'application/octet-stream']],
      deny: { 'no-rule': ['POST /v2/transcript', 'GET /v2/upload', 'PUT /v2/upload'] },
    },
    'assemblyai-read': {
      allow: ['GET /v2/transcript?limit=1', 'GET /v2/transcript/t/sentences'],
      deny: {
        'no-rule': ['POST /v2/transcript', 'DELETE /v2/transcript/t'],
        'credential-minting': ['GET /v3/token'],
      },
    },
  },
}
