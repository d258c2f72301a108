import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * An app made with Gradio, as those at Hugging Face (gradio.app/guides, version 5, 2026). Only private ones want a
 * token. Results come as a stream of events by GET.
 */
export const GRADIO = definePreset({
  id: 'gradio',
  label: 'Gradio Space',
  baseUrls: [],
  baseUrlHint: 'https://owner-space.hf.space',
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'x-hf-authorization', 'cookie'] },
  placeholder: 'hf_valetkeyPlaceholderRealKeyStaysHomeX',
  keyOptional: true,
  createKeyUrl: 'https://huggingface.co/settings/tokens',
  capabilities: [
    {
      id: 'gradio-call',
      label: 'Call an app',
      description: 'Uses the app: what that does and costs is up to it.',
      risk: 'spend',
      allow: [
        'GET,HEAD /config',
        'GET,HEAD /info',
        'GET,HEAD /gradio_api/**',
        'GET,HEAD /queue/data',
        'POST /gradio_api/call/*',
        'POST /gradio_api/queue/join',
        'POST /queue/join',
        'POST /upload',
        'POST /gradio_api/upload',
      ],
      deny: ['* /gradio_api/proxy=*', '* /gradio_api/proxy=*/**'],
    },
    {
      id: 'gradio-info',
      label: 'Look at an app only',
      description: 'Sees what the app takes and gives.',
      risk: 'read',
      allow: ['GET,HEAD /config', 'GET,HEAD /info', 'GET,HEAD /gradio_api/info'],
    },
  ],
  test: { method: 'GET', path: '/config', ok: 'status' },
  hazards: ['Whoever made the app receives what a site sends.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /config', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"version":"5.0","components":[]}', 'accepted'],
    [401, '{"error":"Invalid username or password."}', 'key-refused'],
    [404, '<!doctype html><html><title>404</title></html>', 'wrong-base-url'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'gradio-call': {
      allow: [
        'GET /config',
        'GET /info',
        'GET /gradio_api/call/predict/e',
        'GET /queue/data?session_hash=s',
        'POST /gradio_api/call/predict',
        'POST /gradio_api/queue/join',
        'POST /queue/join',
        'POST /upload',
        'POST /gradio_api/upload',
      ],
      deny: {
        'no-rule': ['POST /gradio_api/cancel', 'DELETE /config', 'PUT /upload', 'POST /login'],
        'rule-deny': ['GET /gradio_api/proxy=https:', 'GET /gradio_api/proxy=a/b'],
        'url-unsafe': ['GET /gradio_api/%2e%2e/login'],
      },
    },
    'gradio-info': {
      allow: ['GET /config', 'GET /info', 'GET /gradio_api/info'],
      deny: { 'no-rule': ['POST /gradio_api/call/predict', 'GET /gradio_api/heartbeat/s', 'POST /upload'] },
    },
  },
}
