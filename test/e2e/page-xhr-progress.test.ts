import { expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('progress of an XMLHttpRequest', (suite) => {
  test('the end of a burst is told while the server keeps silent after it', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      // Only a piece that comes within 50 ms of one that was told can show it: several calls, as a busy machine is slower.
      const told = Array.from({ length: 6 }, async () => {
        const xhr = new XMLHttpRequest()
        const all = new Promise<string>((resolve) => {
          xhr.onprogress = ({ loaded }) => {
            if (loaded === 12) resolve('told whole')
          }
        })
        xhr.open('GET', `${base}/burst`)
        xhr.send()
        const late = new Promise<string>((resolve) => setTimeout(() => resolve('not told'), 30_000))
        const outcome = await Promise.race([all, late])
        xhr.abort()
        return outcome
      })
      return Promise.all(told)
    })
    expect(plain).toEqual(Array(6).fill('told whole'))
    expect(caught).toEqual(plain)
  })
})
