import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Azure OpenAI (learn.microsoft.com/azure/ai-foundry/openai/reference, 2026). The key goes into `api-key`; OpenAI’s
 * clients put theirs into a bearer, which is taken out.
 */
export const AZURE_OPENAI = definePreset({
  id: 'azure-openai',
  label: 'Azure OpenAI',
  baseUrls: [],
  baseUrlHint: 'https://your-resource.openai.azure.com',
  auth: [
    {
      paths: ['* /**'],
      auth: { kind: 'header', headers: [{ name: 'api-key', format: '{}', secret: 'value' }] },
    },
  ],
  strip: { headers: ['authorization', 'api-key', 'ocp-apim-subscription-key'] },
  credentialMinting: ['POST /openai/realtimeapi/sessions', 'POST /openai/v1/realtime/**'],
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: '32 or 84 letters and digits',
  createKeyUrl: 'https://portal.azure.com/',
  capabilities: [
    {
      id: 'azure-openai-chat',
      label: 'Chat and responses',
      description: 'Sends prompts to your deployments. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /openai/deployments/*/chat/completions',
        'POST /openai/v1/chat/completions',
        'POST /openai/v1/responses',
      ],
    },
    {
      id: 'azure-openai-embed',
      label: 'Embeddings',
      description: 'Turns text into vectors. Each call costs a little.',
      risk: 'spend',
      allow: ['POST /openai/deployments/*/embeddings', 'POST /openai/v1/embeddings'],
    },
  ],
  test: { method: 'GET', path: '/openai/models?api-version=2024-10-21', ok: 'status' },
  hazards: ['One key opens every deployment of the resource.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /openai/models?api-version=2024-10-21', 'api-key: KEY'],
  answers: [
    [200, '{"data":[],"object":"list"}', 'accepted'],
    [
      401,
      '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
      'key-refused',
    ],
    [404, '{"error":{"code":"404","message":"Resource not found"}}', 'wrong-base-url'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'azure-openai-chat': {
      allow: [
        ['POST /openai/deployments/gpt/chat/completions?api-version=2024-10-21', { messages: [] }],
        'POST /openai/v1/chat/completions',
        'POST /openai/v1/responses',
      ],
      deny: {
        'no-rule': [
          'PUT /openai/deployments/gpt',
          'DELETE /openai/files/f',
          'POST /openai/assistants',
          'GET /openai/deployments',
        ],
        'credential-minting': [
          'POST /openai/realtimeapi/sessions',
          'POST /openai/v1/realtime/client_secrets',
        ],
        'url-unsafe': ['POST /openai/deployments/%2e%2e/files'],
      },
    },
    'azure-openai-embed': {
      allow: ['POST /openai/deployments/e/embeddings?api-version=2024-10-21', 'POST /openai/v1/embeddings'],
      deny: {
        'no-rule': [
          'POST /openai/deployments/e/chat/completions',
          'GET /openai/v1/embeddings',
          'DELETE /openai/v1/files/f',
        ],
      },
    },
  },
}
