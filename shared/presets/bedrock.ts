import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Amazon Bedrock Runtime with a Bedrock API key (docs.aws.amazon.com/bedrock, API keys, 2026); access keys go with
 * `--auth sigv4`. What pages signed with a placeholder is taken out. The list of models is on another host, so the
 * test names a model there is not.
 */
export const BEDROCK = definePreset({
  id: 'bedrock',
  label: 'Amazon Bedrock',
  baseUrls: [],
  baseUrlHint: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: {
    headers: [
      'authorization',
      'x-amz-security-token',
      'x-amz-date',
      'x-amz-content-sha256',
      'amz-sdk-invocation-id',
      'amz-sdk-request',
    ],
    query: [
      'x-amz-signature',
      'x-amz-credential',
      'x-amz-security-token',
      'x-amz-date',
      'x-amz-signedheaders',
      'x-amz-expires',
      'x-amz-algorithm',
    ],
  },
  placeholder: 'ABSKvaletkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'ABSK…',
  createKeyUrl: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
  keys: [
    { prefix: 'ABSK', rest: '[A-Za-z0-9+/]{109,269}={0,2}', name: 'long-lived Bedrock key' },
    { prefix: 'bedrock-api-key-', rest: '[A-Za-z0-9+/=._-]{20,}', name: 'short-lived Bedrock key' },
    {
      prefix: 'AKIA',
      rest: '[A-Z2-7]{16}',
      name: 'AWS access key id',
      danger: 'wrong',
      advice: 'It is the name of a key, not the secret: AWS signs with both, see `--auth sigv4`.',
    },
    {
      prefix: 'ASIA',
      rest: '[A-Z2-7]{16}',
      name: 'temporary AWS access key id',
      danger: 'wrong',
      advice: 'It is the name of a key, not the secret: AWS signs with both, see `--auth sigv4`.',
    },
  ],
  capabilities: [
    {
      id: 'bedrock-converse',
      label: 'Converse',
      description: 'Sends prompts to any model your account may use. Each call costs.',
      risk: 'spend',
      allow: [
        'POST /model/*/converse',
        'POST /model/*/converse-stream',
        'POST /model/*/invoke',
        'POST /model/*/invoke-with-response-stream',
      ],
    },
    {
      id: 'bedrock-count',
      label: 'Count tokens only',
      description: 'Says how many tokens a prompt has. Costs nothing.',
      risk: 'read',
      allow: ['POST /model/*/count-tokens'],
    },
  ],
  test: {
    method: 'POST',
    path: '/model/valetkey.no-such-model/converse',
    body: '{"messages":[{"role":"user","content":[{"text":"ping"}]}]}',
    ok: 'status',
    answers: [
      { status: 400, holds: 'model identifier', means: 'accepted' },
      { status: 403, holds: 'api key', means: 'key-refused' },
      { status: 403, holds: 'security token', means: 'key-refused' },
    ],
  },
  hazards: ['A long-lived Bedrock key may use every model of the account: set when it expires.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['POST /model/valetkey.no-such-model/converse', 'authorization: Bearer KEY'],
  answers: [
    [400, '{"message":"The provided model identifier is invalid."}', 'accepted'],
    [403, '{"Message":"Authentication failed: Please make sure your API Key is valid."}', 'key-refused'],
    [403, '{"message":"The security token included in the request is invalid."}', 'key-refused'],
    [403, '{"message":"User is not authorized to perform: bedrock:InvokeModel"}', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'long-lived Bedrock key': ['ABSK{ALNUM 120}==', 'ABSK{ALNUM 100}'],
    'short-lived Bedrock key': ['bedrock-api-key-{ALNUM 40}', 'bedrock-api-key-short'],
    'AWS access key id': ['AKIA{BASE32 16}', 'AKIA{BASE32 15}', 'AKIA{BASE32 15}1'],
    'temporary AWS access key id': ['ASIA{BASE32 16}', 'ASIA{BASE32 17}'],
  },
  capabilities: {
    'bedrock-converse': {
      allow: [
        'POST /model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
        'POST /model/m/converse-stream',
        'POST /model/m/invoke',
        'POST /model/m/invoke-with-response-stream',
      ],
      deny: {
        'no-rule': [
          'POST /async-invoke',
          'GET /async-invoke',
          'POST /guardrail/g/version/1/apply',
          'GET /model/m/converse',
        ],
        'url-unsafe': ['POST /model/%2e%2e/async-invoke'],
      },
    },
    'bedrock-count': {
      allow: ['POST /model/m/count-tokens', 'POST /model/anthropic.claude%3A0/count-tokens'],
      deny: { 'no-rule': ['POST /model/m/converse', 'POST /model/m/invoke', 'DELETE /model/m/count-tokens'] },
    },
  },
}
