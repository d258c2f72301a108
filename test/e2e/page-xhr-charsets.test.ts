import { expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'

/** A byte for each character: what the type of the answer is, what is in it, and what the page says its type is. */
type Named = [type: string, body: string, override?: string]

const XML = '<?xml version="1.0" encoding="windows-1252"?>'
const META = '<meta charset="windows-1252">'

const IN_XML: Named[] = [
  ['text/xml', `${XML}<a>\xe9</a>`],
  ['text/xml', "<?xml version='1.0' encoding = 'koi8-r' standalone='yes'?><a>\xe9</a>"],
  ['image/svg+xml', `${XML}<svg xmlns="http://www.w3.org/2000/svg">\xe9</svg>`],
  ['application/xhtml+xml', `${XML}<html xmlns="http://www.w3.org/1999/xhtml"><body>\xe9</body></html>`],
  ['nonsense', `${XML}<a>\xe9</a>`],
  ['text/plain', `${XML}<a>\xe9</a>`, 'text/xml'],
  ['text/plain', `${XML}<a>\xe9</a>`],
  ['text/xml', `${XML}<a>\xe9</a>`, 'text/plain'],
  ['text/xml', ` ${XML}<a>\xe9</a>`],
  ['text/xml;charset=utf-8', `${XML}<a>\xc3\xa9</a>`],
  ['text/xml', `\xef\xbb\xbf${XML}<a>\xc3\xa9</a>`],
  ['text/xml', '<?xml version="1.0" encoding="utf-16"?><a>\xc3\xa9</a>'],
  ['text/xml', '<?xml version="1.0" encoding="nobody"?><a>\xc3\xa9</a>'],
]

const IN_HTML: Named[] = [
  ['text/html', `${META}<p>\xe9`],
  ['text/html', '<META CHARSET=koi8-r><p>\xe9'],
  ['text/html', '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>\xe9'],
  ['text/html', '<meta content="text/html; charset=koi8-r"><p>\xe9'],
  ['text/html', `<!-- ${META} --><p>\xe9`],
  ['text/html', `<!-- ${META} --><meta charset=koi8-r><p>\xe9`],
  ['text/html', `<script>"<meta charset=koi8-r>"</script>${META}<p>\xe9`],
  ['text/html', `<p title="<meta charset=koi8-r>">${META}<p>\xe9`],
  ['text/html', `<meta charset=nobody>${META}<p>\xe9`],
  ['text/html', '<meta charset="utf-16"><p>\xc3\xa9'],
  ['text/html', `${XML}<p>\xe9`],
  ['text/html', `<!doctype html>${' '.repeat(1100)}${META}<p>\xe9`],
  ['text/html;charset=utf-8', `${META}<p>\xe9`],
  ['text/html', '<p>\xe9'],
  ['text/plain', `${META}<p>\xe9`, 'text/html'],
]

inEachBrowser('a charset that a document names within itself', (suite) => {
  /** What each is read as in every form that a page may ask for. The parser says of itself that it read text, so what a document calls its charset is not asked. */
  const read = async (named: Named[]) => {
    await suite.page.evaluate((all) => Object.assign(window, { named: all }), named)
    return suite.both(async (base) => {
      const { named: all } = window as unknown as { named: Named[] }
      const results: unknown[] = []
      const shown = (value: Document | null) => value?.documentElement.textContent
      for (const [type, body, override] of all) {
        const hex = [...body].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')
        const texts: unknown[] = []
        for (const form of ['', 'text', 'document'] as const) {
          const xhr = new XMLHttpRequest()
          xhr.open('GET', `${base}/text?type=${encodeURIComponent(type)}&hex=${hex}`)
          xhr.responseType = form
          if (override) xhr.overrideMimeType(override)
          const over = new Promise((resolve) => xhr.addEventListener('loadend', resolve))
          xhr.send()
          await over
          texts.push(form === 'document' ? shown(xhr.response) : xhr.responseText)
          if (form !== 'text') texts.push(shown(xhr.responseXML))
        }
        results.push([type, body, override, texts])
      }
      return results
    })
  }

  test('in an XML declaration decides for texts without a form and for documents', async () => {
    const { plain, caught } = await read(IN_XML)
    expect(caught).toEqual(plain)
    expect(JSON.stringify(caught[0])).toContain('\u00e9')
  })

  test('in a meta element decides for documents alone', async () => {
    const { plain, caught } = await read(IN_HTML)
    expect(caught).toEqual(plain)
    expect(JSON.stringify(caught[0])).toContain('\u00e9')
  })

  test('an open that was refused leaves nothing to send', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const xhr = new XMLHttpRequest()
      const attempt = (act: () => unknown) => {
        try {
          return act()
        } catch (error) {
          return (error as Error).name
        }
      }
      return [attempt(() => xhr.open('TRACE', `${base}/text`)), attempt(() => xhr.send()), xhr.readyState]
    })
    expect(caught).toEqual(plain)
    expect(caught[1]).toBe('InvalidStateError')
  })
})
