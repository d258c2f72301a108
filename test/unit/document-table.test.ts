import { beforeEach, expect, test } from 'vitest'
import { DocumentTable } from '../../extension/background/document-table.ts'
import { PageDocument } from '../../extension/background/page-document.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'

const SITE = 'https://agent.example'
let table: DocumentTable

beforeEach(() => {
  table = new DocumentTable()
})

/** A document that was let in. */
function add(where: Partial<Witnessed> | null): PageDocument {
  const witnessed = { origin: SITE, topOrigin: SITE, tabId: 1, frameId: 0, documentId: null, ...where }
  const port = { postMessage() {} } as never
  const document = new PageDocument(table.size + 1, port, where === null ? null : witnessed)
  document.early = null
  table.set(document.number, document)
  return document
}

test('frames that may be looked into are those of the tab’s own site, in that tab', () => {
  add({})
  add({ frameId: 3 })
  add({ frameId: 3 })
  add({ frameId: 4, origin: 'https://widget.example' })
  add({ frameId: 5, origin: 'https://widget.example', topOrigin: 'https://widget.example' })
  add({ frameId: 6, topOrigin: 'https://portal.example' })
  add({ frameId: 7, tabId: 2 })
  add(null)
  expect(table.framesOf(1, SITE)).toEqual([3])
})

test('frames that are not looked at yet, or served no more, are none of them', () => {
  add({ frameId: 3 }).early = []
  add({ frameId: 4 }).witnessed = null
  expect(table.framesOf(1, SITE)).toEqual([])
})

test('of many frames some are looked into', () => {
  for (let frameId = 1; frameId < 40; frameId += 1) add({ frameId })
  expect(table.framesOf(1, SITE)).toHaveLength(16)
})
