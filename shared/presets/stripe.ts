import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Stripe (docs.stripe.com/api, 2026). Bodies are forms with brackets in their names. What acts for connected
 * accounts (stripe-account, stripe-context) is the owner’s to say and never taken from a page. Card numbers and
 * webhook secrets are not readable.
 */
export const STRIPE = definePreset({
  id: 'stripe',
  label: 'Stripe',
  baseUrls: ['https://api.stripe.com'],
  auth: [{ paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } }],
  strip: { headers: ['authorization', 'stripe-account', 'stripe-context'] },
  credentialMinting: [
    'POST /v1/ephemeral_keys',
    'POST /v1/terminal/connection_tokens',
    'POST /v1/account_sessions',
    'POST /v1/webhook_endpoints',
    'POST /v1/webhook_endpoints/*',
    'POST /v1/customer_sessions',
    'POST /v1/apps/secrets',
  ],
  placeholder: 'rk_test_valetkeyPlaceholderTheRealKeyStaysOnYourMachine',
  keyHint: 'rk_test_…',
  createKeyUrl: 'https://dashboard.stripe.com/apikeys',
  keys: [
    {
      prefix: 'sk_live_',
      rest: '[A-Za-z0-9]{10,}',
      name: 'live secret key',
      danger: 'live',
      advice:
        'It moves real money and may do everything: use a restricted key (rk_live_) with the rights a site needs.',
    },
    {
      prefix: 'rk_live_',
      rest: '[A-Za-z0-9]{10,}',
      name: 'live restricted key',
      danger: 'live',
      advice: 'It works on real customers and money: give it no more rights than a site needs.',
    },
    { prefix: 'sk_test_', rest: '[A-Za-z0-9]{10,}', name: 'test secret key' },
    { prefix: 'rk_test_', rest: '[A-Za-z0-9]{10,}', name: 'test restricted key' },
    {
      prefix: 'pk_live_',
      rest: '[A-Za-z0-9]{10,}',
      name: 'publishable key',
      danger: 'wrong',
      advice: 'It is no secret and may stand in pages: the API wants rk_ or sk_.',
    },
    {
      prefix: 'pk_test_',
      rest: '[A-Za-z0-9]{10,}',
      name: 'publishable test key',
      danger: 'wrong',
      advice: 'It is no secret and may stand in pages: the API wants rk_ or sk_.',
    },
    {
      prefix: 'whsec_',
      rest: '[A-Za-z0-9+/=]{20,}',
      name: 'webhook secret',
      danger: 'wrong',
      advice: 'It proves calls from Stripe: the API wants rk_ or sk_.',
    },
  ],
  capabilities: [
    {
      id: 'stripe-readonly',
      label: 'Read only',
      description: 'Reads customers, payments and all else the key sees.',
      risk: 'read',
      allow: ['GET,HEAD /v1/**', 'GET,HEAD /v2/**'],
      deny: [
        '* /v1/issuing/cards/**',
        '* /v1/webhook_endpoints',
        '* /v1/webhook_endpoints/**',
        '* /v1/apps/secrets/**',
        '* /v1/files/*/contents',
      ],
    },
    {
      id: 'stripe-customers',
      label: 'Customers',
      description: 'Reads, creates and changes customers. Charges nobody.',
      risk: 'write',
      allow: ['GET,POST /v1/customers', 'GET,POST /v1/customers/*'],
      deny: ['* /v1/customers/*/balance_transactions', '* /v1/customers/*/balance_transactions/**'],
    },
    {
      id: 'stripe-search',
      label: 'Search',
      description: 'Searches customers, payments, invoices and prices.',
      risk: 'read',
      allow: ['GET,HEAD /v1/*/search'],
    },
  ],
  test: {
    method: 'GET',
    path: '/v1/balance',
    ok: 'status',
  },
  hazards: [
    'A live key moves real money: begin with a test key, and use a restricted key (rk_) with the rights a site needs.',
  ],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  testCall: ['GET /v1/balance', 'authorization: Bearer KEY'],
  answers: [
    [200, '{"object":"balance","livemode":false}', 'accepted'],
    [
      401,
      '{"error":{"message":"Invalid API Key provided: sk_test_****","type":"invalid_request_error"}}',
      'key-refused',
    ],
    [
      403,
      '{"error":{"message":"The provided key does not have the required permissions for this endpoint","type":"invalid_request_error"}}',
      'lacks-scope',
    ],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  keys: {
    'live secret key': ['sk_live_{ALNUM 99}', 'sk_live_{ALNUM 9}', 'sk_life_{ALNUM 99}'],
    'live restricted key': ['rk_live_{ALNUM 99}', 'rk_live_{ALNUM 9}'],
    'test secret key': ['sk_test_{ALNUM 24}', 'sk_test_{ALNUM 9}'],
    'test restricted key': ['rk_test_{ALNUM 24}', 'rk_test_{ALNUM 9}'],
    'publishable key': ['pk_live_{ALNUM 24}', 'pk_live_{ALNUM 9}'],
    'publishable test key': ['pk_test_{ALNUM 24}', 'pk_test_{ALNUM 9}'],
    'webhook secret': ['whsec_{ALNUM 32}', 'whsec_{ALNUM 19}'],
  },
  capabilities: {
    'stripe-readonly': {
      allow: ['GET /v1/balance', 'GET /v1/customers?limit=3', 'GET /v2/core/events'],
      deny: {
        'rule-deny': [
          'GET /v1/issuing/cards/ic_1?expand%5B%5D=number',
          'GET /v1/webhook_endpoints',
          'GET /v1/apps/secrets',
          'GET /v1/files/f/contents',
        ],
        'no-rule': ['POST /v1/charges', 'DELETE /v1/customers/cus_1', 'POST /v1/refunds'],
        'credential-minting': ['POST /v1/ephemeral_keys'],
      },
    },
    'stripe-customers': {
      allow: [
        'GET /v1/customers',
        ['POST /v1/customers', 'email=a%40b.example', 'application/x-www-form-urlencoded'],
        ['POST /v1/customers/cus_1', 'name=A', 'application/x-www-form-urlencoded'],
      ],
      deny: {
        'rule-deny': ['POST /v1/customers/cus_1/balance_transactions'],
        'no-rule': [
          'DELETE /v1/customers/cus_1',
          'POST /v1/payment_intents',
          'POST /v1/customers/cus_1/sources',
        ],
        'credential-minting': ['POST /v1/account_sessions', 'POST /v1/terminal/connection_tokens'],
        'url-unsafe': ['POST /v1/customers/%2e%2e/charges'],
      },
    },
    'stripe-search': {
      allow: ['GET /v1/customers/search?query=email%3A%27a%27', 'GET /v1/charges/search?query=a'],
      deny: { 'no-rule': ['GET /v1/customers', 'POST /v1/customers/search', 'GET /v1/balance'] },
    },
  },
}
