import type { BodyRule } from '../model/capability.ts'
import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * The account's queue holds five requests on the smallest plan (docs.modelslab.com). One site may take two; all sites
 * together three for images and two for chat, so that both at once stay within the five.
 */
const IMAGE_LIMITS = { concurrent: 2, concurrentInAll: 3, ratePerMinute: 30 }
const CHAT_LIMITS = { concurrent: 2, concurrentInAll: 2 }

/** Paths that take the key in their body, where the service looks for its own fields. */
const MEDIA = [
  '* /api/v3/**',
  '* /api/v4/**',
  '* /api/v5/**',
  '* /api/v6/**',
  '* /api/v7/images/**',
  '* /api/v7/video-fusion/**',
  '* /api/v7/voice/**',
  '* /api/v1/enterprise/**',
  '* /api/fetch/**',
]

const RESULTS = [
  'POST /api/v6/images/fetch',
  'POST /api/v6/*/fetch/*',
  'POST /api/v7/*/fetch/*',
  'POST /api/v7/images/fetch',
  // Where the service's own package polls for what its classes for single providers asked.
  'POST /api/fetch/*',
]

const MODEL_LISTS = ['POST /api/v4/dreambooth/model_list', 'POST /api/v3/model_list']

/** Results leave through a webhook to any address, so none may be named, nor what it would be told by. */
const WEBHOOK = ['webhook', 'track_id']

/**
 * The caps bound what one call costs; the
 * service's own defaults (one image, 512 × 512, at most 30 steps) are below them.
 */
const IMAGE_CAPS: BodyRule[] = [
  { op: '<=', pointer: '/samples', limit: 1, orAbsent: true },
  { op: '<=', pointer: '/width', limit: 1024, orAbsent: true },
  { op: '<=', pointer: '/height', limit: 1024, orAbsent: true },
  { op: '<=', pointer: '/num_inference_steps', limit: 50, orAbsent: true },
]

/**
 * ModelsLab (docs.modelslab.com, 2026). One key, three places: a field of the JSON body on the media paths, a bearer
 * header on the language-model paths, a query parameter on the model list. A refusal may come with status 200.
 *
 * `realtime/*` makes images without naming a model, so no capability of named models has it: who wants it writes a rule.
 */
export const MODELSLAB = definePreset({
  id: 'modelslab',
  label: 'ModelsLab',
  baseUrls: ['https://modelslab.com'],
  local: false,
  auth: [
    {
      paths: MEDIA,
      auth: { kind: 'json-field', pointer: '/key', secret: 'value' },
    },
    { paths: ['* /api/v7/llm/**', '* /mcp/v7'], auth: { kind: 'bearer', secret: 'value' } },
    { paths: ['GET,HEAD /api/v7/models'], auth: { kind: 'query', param: 'key', secret: 'value' } },
  ],
  // The service's own packages for JavaScript and Python give the key to most calls as `api_key` (their `BaseSchema`), to those
  // for single providers and to those that fetch a result as `key`, and the first to all of them as a bearer besides.
  strip: { headers: ['authorization', 'x-api-key', 'key'], query: ['key'], jsonFields: ['/key', '/api_key'] },
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
  // Chat has members of the caller's own below, such as the parameters of a tool, so only its top is looked at.
  denyFields: [
    { paths: ['* /**'], names: WEBHOOK },
    { paths: MEDIA, names: WEBHOOK, nested: true },
  ],
  // docs.modelslab.com: what is not ready at once is answered as `processing`, with `id` and `eta`, and fetched by its id.
  queue: {
    jobs: MEDIA.map((path) => path.replace('*', 'POST')),
    except: MODEL_LISTS,
    results: RESULTS,
    asked: '/request_id',
    status: '/status',
    waiting: ['processing'],
    // `error` is the word for what it refuses, also with status 200: of the job it says nothing.
    over: ['success', 'failed'],
    id: '/id',
    seconds: '/eta',
  },
  credentialMinting: ['POST /api/agents/v1/api-keys', 'POST /api/agents/v1/auth/*'],
  placeholder: 'valetkeyPlaceholderTheRealKeyStaysOnYourOwnMachine0000000',
  keyHint: '50 to 64 letters and digits',
  keyOptional: false,
  createKeyUrl: 'https://modelslab.com/dashboard/api-keys',
  capabilities: [
    {
      id: 'modelslab-image',
      label: 'Images with named models',
      description:
        'Makes one image a call, up to 1024\u00a0×\u00a01024, with the models you name. Costs credit.',
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
      allow: RESULTS,
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
      allow: ['GET,HEAD /api/v7/models', ...MODEL_LISTS],
    },
  ],
  test: { method: 'POST', path: '/api/v6/wallet_balance', body: '{}', ok: 'json-status' },
  hazards: [
    'Any text is accepted as a model name: name the models you trust.',
    'Pictures are stored at public addresses that need no key.',
    'All sites share the queue of your account; an image it answers as still processing keeps its place among the calls in flight until it is fetched or its time is over.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /api/v6/wallet_balance', 'json /key'],
  answers: [
    [200, '{"status":"success","wallet_balance":1}', 'accepted'],
    [200, '{"status":"error","message":"Invalid API Key"}', 'key-refused'],
    [200, '{"status":"error","messege":"Try Again"}', 'unclear'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    'modelslab-image': {
      allow: [
        ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat' }],
        ['POST /api/v6/images/img2img', { model_id: 'listed-model', webhook: null, track_id: null }],
        ['POST /api/v6/images/inpaint', { model_id: 'listed-model', prompt: 'a cat' }],
        ['POST /api/v7/images/text-to-image', { model_id: 'listed-model', prompt: 'a cat' }],
        ['POST /api/v7/images/image-to-image', { model_id: 'listed-model', prompt: 'a cat' }],
        [
          'POST /api/v7/images/inpaint',
          { model_id: 'listed-model', prompt: 'a cat', samples: 1, width: 1024 },
        ],
      ],
      deny: {
        'body-rule': [
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat', samples: 4 }],
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat', width: 2048 }],
        ],
        'field-denied': [
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', webhook: 'https://evil.example' }],
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', track_id: 7 }],
          [
            'POST /api/v7/images/text-to-image',
            { model_id: 'listed-model', Webhook: 'https://evil.example' },
          ],
          [
            'POST /api/v6/images/text2img',
            { model_id: 'listed-model', options: [{ webhook: 'https://evil.example' }] },
          ],
          [
            'POST /api/v6/images/text2img',
            'model_id=listed-model&webhook=https%3A%2F%2Fevil.example',
            'application/x-www-form-urlencoded',
          ],
          ['POST /api/v6/images/text2img?webhook=x', { model_id: 'listed-model' }],
        ],
        'body-malformed': [
          ['POST /api/v6/images/text2img', '{"webhook":"https://evil.example"}', 'text/plain'],
        ],
        'model-not-listed': [['POST /api/v6/images/text2img', { model_id: 'other', prompt: 'a' }]],
        'always-denied': [
          'POST /api/agents/v1/api-keys',
          'POST /api/v6/buy_subscription',
          'POST /api/v6/images/delete_image',
        ],
        'no-rule': ['GET /api/v6/images/text2img'],
      },
    },
    'modelslab-poll': {
      allow: [
        'POST /api/v6/images/fetch',
        'POST /api/v6/images/fetch/12',
        ['POST /api/v6/video/fetch/12', { key: 'anything' }],
        'POST /api/v7/video-fusion/fetch/12',
        'POST /api/fetch/12',
        'POST /api/v7/images/fetch',
      ],
      deny: {
        'no-rule': [
          'GET /api/v6/images/fetch/12',
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat' }],
        ],
        'field-denied': [
          ['POST /api/v6/images/fetch', { request_id: '12', webhook: 'https://evil.example' }],
        ],
        'always-denied': [
          'POST /api/v6/delete_image',
          'POST /api/v1/enterprise/images/clear_queue',
          'POST /api/v1/enterprise/images/update',
        ],
      },
    },
    'modelslab-llm': {
      allow: [
        ['POST /api/v7/llm/chat/completions', { model: 'listed-model' }],
        ['POST /api/v7/llm/v1/chat/completions', { model: 'listed-model' }],
        ['POST /api/v7/llm/v1/messages', { model: 'listed-model' }],
        ['POST /api/v7/llm/v1/messages/count_tokens', { model: 'listed-model' }],
        'GET /api/v7/llm/v1/models',
      ],
      deny: {
        'no-rule': [
          'DELETE /api/v7/llm/v1/models',
          'POST /mcp/v7',
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat' }],
        ],
        'model-not-listed': [['POST /api/v7/llm/chat/completions', { model: 'a' }]],
        'body-required': ['POST /api/v7/llm/v1/messages'],
        'always-denied': ['POST /mcp/agents'],
      },
    },
    'modelslab-models': {
      allow: ['GET /api/v7/models', 'POST /api/v4/dreambooth/model_list', 'POST /api/v3/model_list'],
      deny: {
        'no-rule': [
          'POST /api/v7/models',
          ['POST /api/v6/images/text2img', { model_id: 'listed-model', prompt: 'a cat' }],
        ],
        'always-denied': ['POST /api/v4/dreambooth/buy_model', 'GET /api/agents/v1/billing'],
      },
    },
  },
}
