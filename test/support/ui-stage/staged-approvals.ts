import { type ApprovalSummary, MAX_APPROVAL_TEXT } from '../../../shared/model/approval.ts'

/** A call that waits, as the host lists it. */
export function approval(part: Partial<ApprovalSummary> = {}): ApprovalSummary {
  const at = Date.now()
  const origin = part.origin ?? 'https://playground.example.com'
  return {
    id: crypto.randomUUID(),
    at,
    expiresAt: at + 60_000,
    origin,
    topOrigin: origin,
    session: '7a1f0a52-6d0c-4c8b-9f4e-0f4b5a2f9a11',
    capability: 'openai-write',
    capabilityLabel: 'Files and batches',
    service: 'openai',
    serviceLabel: 'OpenAI',
    rule: 'ask POST /v1/**',
    why: 'rule',
    method: 'POST',
    url: 'https://api.openai.com/v1/batches?dry_run=false',
    headers: [
      ['content-type', 'application/json'],
      ['accept', '*/*'],
    ],
    body: {
      bytes: 187,
      contentType: 'application/json',
      fields: [
        { path: '/input_file_id', value: '"file-abc123"' },
        { path: '/endpoint', value: '"/v1/chat/completions"' },
        { path: '/completion_window', value: '"24h"' },
        { path: '/metadata/note', value: '"nightly run"' },
      ],
      text: null,
      truncated: false,
    },
    digest: 'a'.repeat(64),
    tabId: 7,
    frameId: 0,
    documentId: null,
    here: true,
    more: 0,
    ...part,
  }
}

/** Everything a page could put into a call to deceive whoever reads it. */
export const HOSTILE = approval({
  origin: 'https://xn--pple-43d.com',
  topOrigin: 'https://a-very-long-and-chosen-name-for-a-subdomain.of.some.studio.example.co.uk:8443',
  capabilityLabel: 'Files‮setirw on‬ <b>safe</b>',
  serviceLabel: 'OpenAI<img src=x onerror=alert(1)>',
  method: 'DELETE',
  url: `https://api.openai.com/v1/${'very-long-segment/'.repeat(60)}end?q=%E2%80%AE%3Cimg%20onerror%3E`,
  headers: [['x-note', '\u0007bell \u200Bzero width \uFEFF']],
  body: {
    bytes: 12_345,
    contentType: 'application/json; note=\u202Egnp.x',
    fields: [
      { path: '/amount', value: '1\u202E000\u202C' },
      {
        path: '/markup',
        value: '<img src=x onerror="document.body.innerHTML=\'Allowed\'"><script>1</script>',
      },
      { path: '/lines', value: 'first\nDeny\r\nAllow once\u2028fourth' },
      { path: '/hidden', value: 'pay\u200B\u200C\u200D\u2060\u00AD\u3164\u2800alice\uDB40\uDC41\uD800' },
      { path: '/zalgo', value: `a${'\u0301'.repeat(60)}b` },
      { path: '/long', value: 'x'.repeat(10_000) },
      { path: '/path\u2066with\u2069marks'.repeat(4), value: '\u05D0\u05D1\u05D2 123 \u0627\u0628' },
    ],
    text: `{"raw": "${'<img onerror>\u202E'.repeat(40)}"}`.slice(0, MAX_APPROVAL_TEXT),
    truncated: true,
  },
})
