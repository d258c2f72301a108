import { afterEach, expect, test } from 'vitest'
import { type Playground, servePlayground } from '../../native-host/playground/serve-playground.ts'

let playground: Playground | null = null
afterEach(() => playground?.close())

test('a playground that nobody uses closes by itself and says so', async () => {
  const idle = Promise.withResolvers<void>()
  playground = await servePlayground({ key: 'k', reaches: () => [], onIdle: idle.resolve, idleMs: 20 })
  await idle.promise
  await expect(fetch(playground.url)).rejects.toThrow()
})

test('two playgrounds have two ports and two addresses, of which neither can be guessed from the other', async () => {
  const parts = { key: 'k', reaches: () => [], onIdle: () => {} }
  playground = await servePlayground(parts)
  const other = await servePlayground(parts)
  expect(new URL(other.url).pathname).not.toBe(new URL(playground.url).pathname)
  expect(new URL(other.url).pathname).toMatch(/^\/[\w-]{22}\/$/)
  expect((await fetch(`${other.origin}${new URL(playground.url).pathname}`)).status).toBe(404)
  other.close()
})

test('a playground that cannot learn what its page may speak to says so, and is there for the next look', async () => {
  let isBusy = true
  const reaches = () => {
    if (isBusy) throw new Error('the database is busy')
    return ['https://api.other.example/v1']
  }
  playground = await servePlayground({ key: 'k', reaches, onIdle: () => {} })
  const busy = await fetch(playground.url)
  expect([busy.status, await busy.text()]).toEqual([503, 'This cannot be shown now. Try again.\n'])
  isBusy = false
  const free = await fetch(playground.url)
  expect([free.status, await free.text()]).toEqual([
    200,
    expect.stringContaining('https://api.other.example'),
  ])
})
