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
