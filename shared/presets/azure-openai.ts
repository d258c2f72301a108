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
