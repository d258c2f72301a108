import type { BodyRule } from '../model/capability.ts'
import type { Preset } from '../model/preset.ts'

/**
 * The account's queue holds five requests on the smallest plan (docs.modelslab.com). One site may take two; all sites
 * together three for images and two for chat, so that both at once stay within the five.
 */
const IMAGE_LIMITS = { concurrent: 2, concurrentInAll: 3, ratePerMinute: 30 }
const CHAT_LIMITS = { concurrent: 2, concurrentInAll: 2 }

/** Results leave through a webhook to any address, so none may be named, nor what it would be told by. */
const NO_WEBHOOK: BodyRule[] = [
  { op: 'absent', pointer: '/webhook' },
  { op: 'absent', pointer: '/track_id' },
]

/**
 * The caps bound what one call costs; the
 * service's own defaults (one image, 512 × 512, at most 30 steps) are below them.
 */
const IMAGE_CAPS: BodyRule[] = [
  ...NO_WEBHOOK,
  { op: '<=', pointer: '/samples', limit: 1, orAbsent: true },
  { op: '<=', pointer: '/width', limit: 1024, orAbsent: true },
  { op: '<=', pointer: '/height', limit: 1024, orAbsent: true },
  { op: '<=', pointer: '/num_inference_steps', limit: 50, orAbsent: true },
]

/**
 * ModelsLab (docs.modelslab.com, 2026). One key, three places: a field of the JSON body on the media paths, a bearer
 * header on the language-model paths, a query parameter on the model list. A refusal may come with status 200.
 */
export const MODELSLAB: Preset = {
  id: 'modelslab',
  label: 'ModelsLab',
  baseUrls: ['https://modelslab.com'],
  local: false,
  auth: [
    {
      paths: [
        '* /api/v3/**',
        '* /api/v4/**',
        '* /api/v5/**',
        '* /api/v6/**',
        '* /api/v7/images/**',
        '* /api/v7/video-fusion/**',
        '* /api/v7/voice/**',
        '* /api/v1/enterprise/**',
        '* /api/fetch/**',
      ],
      auth: { kind: 'json-field', pointer: '/key', secret: 'value' },
    },
    { paths: ['* /api/v7/llm/**', '* /mcp/v7'], auth: { kind: 'bearer', secret: 'value' } },
    { paths: ['GET,HEAD /api/v7/models'], auth: { kind: 'query', param: 'key', secret: 'value' } },
  ],
  strip: { headers: ['authorization', 'x-api-key', 'key'], query: ['key'], jsonFields: ['/key'] },
  requiredHeaders: {},
  allowHeaders: ['anthropic-version', 'anthropic-beta'],
  // SECURITY: the same key buys models and subscriptions, deletes images and makes further keys.
  denyAlways: [
    '* /api/agents/**',
    '* /mcp/agents',
    '* /mcp/agents/**',
    '* /api/v*/buy_subscription',
    '* /api/v*/dreambooth/buy_model',
    '* /api/v*/delete_image',
    '* /api/v*/images/delete_image',
    '* /api/v1/enterprise/*/restart_server',
    '* /api/v1/enterprise/*/update',
    '* /api/v1/enterprise/*/clear_queue',
    '* /api/v1/enterprise/*/clear_cache',
  ],
  credentialMinting: ['POST /api/agents/v1/api-keys', 'POST /api/agents/v1/auth/*'],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourOwnMachine0000000',
  keyHint: '50 to 64 letters and digits',
  keyOptional: false,
  createKeyUrl: 'https://modelslab.com/dashboard/api-keys',
  capabilities: [
    {
      id: 'modelslab-image',
      label: 'Images with named models',
      description: 'Makes one image a call, up to 1024 × 1024, with the models you name. Costs credit.',
      risk: 'spend',
      allow: [
        'POST /api/v6/images/text2img',
        'POST /api/v6/images/img2img',
        'POST /api/v6/images/inpaint',
        'POST /api/v7/images/text-to-image',
        'POST /api/v7/images/image-to-image',
        'POST /api/v7/images/inpaint',
      ],
      body: IMAGE_CAPS,
      models: true,
      limits: IMAGE_LIMITS,
    },
    {
      id: 'modelslab-poll',
      label: 'Read results',
      description: 'Fetches finished results of the whole account, also those other sites asked for.',
      risk: 'read',
      allow: [
        'POST /api/v6/images/fetch',
        'POST /api/v6/*/fetch/*',
        'POST /api/v7/*/fetch/*',
        'POST /api/v7/images/fetch',
        // Where the service's own package polls for what its classes for single providers asked.
        'POST /api/fetch/*',
      ],
      body: NO_WEBHOOK,
    },
    {
      id: 'modelslab-llm',
      label: 'Chat with named models',
      description: 'Sends prompts to the language models you name and lists all of them. Costs credit.',
      risk: 'spend',
      allow: [
        'POST /api/v7/llm/chat/completions',
        'POST /api/v7/llm/v1/chat/completions',
        'POST /api/v7/llm/v1/messages',
        'POST /api/v7/llm/v1/messages/count_tokens',
        'GET,HEAD /api/v7/llm/v1/models',
      ],
      models: true,
      limits: CHAT_LIMITS,
    },
    {
      id: 'modelslab-models',
      label: 'List models',
      description: 'Sees which models there are. Costs nothing.',
      risk: 'read',
      allow: ['GET,HEAD /api/v7/models', 'POST /api/v4/dreambooth/model_list', 'POST /api/v3/model_list'],
    },
  ],
  test: { method: 'POST', path: '/api/v6/wallet_balance', body: '{}', ok: 'json-status' },
  hazards: [
    'Any text is accepted as a model name: name the models you trust.',
    'Pictures are stored at public addresses that need no key.',
    'All sites share the queue of your account; an image it answers as still processing stays in it and no longer counts as a call in flight.',
  ],
}
