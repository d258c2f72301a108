import { describe, expect, it, vi } from 'vitest'
import type browser from 'webextension-polyfill'

const { fake } = await vi.hoisted(async () => {
  const { fakeBrowser } = await import('../support/fake-browser.ts')
  return { fake: fakeBrowser() }
})
vi.mock('webextension-polyfill', () => ({ default: fake.browser }))
const { isOwnPage, witness } = await import('../../extension/background/witness.ts')

function sender(changes: Record<string, unknown> = {}): browser.Runtime.MessageSender {
  return {
    id: 'valet-key-test',
    origin: 'https://app.example',
    url: 'https://app.example/chat',
    tab: { id: 4, url: 'https://app.example/chat' },
    frameId: 0,
    documentId: 'D1',
    documentLifecycle: 'active',
    ...changes,
  } as unknown as browser.Runtime.MessageSender
}

describe('witnessing a document', () => {
  it('takes a top document for its own top origin', () => {
    expect(witness(sender())).toEqual({
      origin: 'https://app.example',
      topOrigin: 'https://app.example',
      tabId: 4,
      frameId: 0,
      documentId: 'D1',
    })
  })

  it('pairs a frame with the origin its tab shows', () => {
    const framed = sender({ frameId: 3, tab: { id: 4, url: 'https://shell.example:8443/page?x#y' } })
    expect(witness(framed)).toMatchObject({
      origin: 'https://app.example',
      topOrigin: 'https://shell.example:8443',
    })
  })

  it('has no identity for a frame in a tab whose address it may not see', () => {
    expect(witness(sender({ frameId: 3, tab: { id: 4 } }))).toBeNull()
    expect(witness(sender({ frameId: 3, tab: { id: 4, url: 'about:blank' } }))).toBeNull()
  })

  it.each([
    'null',
    '',
    undefined,
    'file://',
    'chrome-extension://abc',
    'https://app.example/',
    'https://A.example',
  ])('has no identity for the origin `%s`, whatever the address says', (origin) => {
    expect(witness(sender({ origin, url: 'https://app.example/' }))).toBeNull()
  })

  it.each(['prerender', 'cached', 'pending_deletion'])(
    'has no identity for a document that is %s',
    (phase) => {
      expect(witness(sender({ documentLifecycle: phase }))).toBeNull()
    },
  )

  it('works where the browser tells neither document ids nor their phase', () => {
    const bare = sender({ documentId: undefined, documentLifecycle: undefined })
    expect(witness(bare)).toMatchObject({ origin: 'https://app.example', documentId: null })
  })

  it('has no identity for another extension, or outside a tab', () => {
    expect(witness(sender({ id: 'someone-else' }))).toBeNull()
    expect(witness(sender({ tab: undefined }))).toBeNull()
    expect(witness(undefined)).toBeNull()
  })
})

describe('telling our own pages', () => {
  const popup = { url: 'chrome-extension://valet-key-test/extension/popup/index.html', origin: undefined }

  it('knows the popup and the control room', () => {
    expect(isOwnPage(sender({ ...popup, tab: undefined, frameId: undefined }))).toBe(true)
    expect(isOwnPage(sender({ ...popup, frameId: 0 }))).toBe(true)
  })

  it('refuses content scripts, frames and other extensions', () => {
    expect(isOwnPage(sender())).toBe(false)
    expect(isOwnPage(sender({ ...popup, frameId: 2 }))).toBe(false)
    expect(isOwnPage(sender({ ...popup, id: 'someone-else' }))).toBe(false)
    expect(isOwnPage(sender({ url: 'https://x.example/chrome-extension://valet-key-test/' }))).toBe(false)
  })
})
