/** What a worker is made of and asked, in a page. */
export interface WorkerProbe {
  /** Its script. */
  code: string
  /** Default: `/sub/w.js`. The script is its query. `blob:`: the script is a blob of this type, whose address is taken away at once. */
  at?: string
  type?: 'module'
  name?: string
  /** Sent before the script can have run. */
  posts?: unknown[]
  /** Messages to wait for. Default: 1. */
  count?: number
}

/** Calls a caught address and tells what came. */
export const CALL =
  'fetch(ORIGIN + "/caught/text").then((r) => r.text()).then(postMessage, (e) => postMessage(e.name));'

/** What a covered worker shows of itself: the same as the browser's own, in the same run. */
export const SAME: [title: string, probe: WorkerProbe][] = [
  [
    'its address and what is made of it',
    {
      name: 'nm',
      code: `postMessage([String(location), { ...location, ancestorOrigins: 0 }, Object.keys(location), name, origin,
        new URL('x', location).href, new URL('y?z', self.location.href).href, location === self.location,
        (() => { try { return WorkerLocation.prototype.href } catch (e) { return e.message } })()])`,
    },
  ],
  [
    'the address of a module',
    { type: 'module', code: 'postMessage([String(location), import.meta.url, self.name])' },
  ],
  [
    'relative addresses',
    {
      code: `(async () => {
        const xhr = new XMLHttpRequest
        xhr.open('GET', '../plain/text', false)
        xhr.send()
        importScripts('one.js?code=' + encodeURIComponent('self.one = 1'), '/two.js?code=' + encodeURIComponent('self.two = 2'))
        const moved = (() => { try { return Response.redirect('a#b').headers.get('location') } catch (e) { return e.name } })()
        const socket = (() => { try { return new WebSocket('ws').url } catch (e) { return e.name } })()
        const inner = self.inner = new Worker('n.js?code=' + encodeURIComponent('postMessage(String(location))'))
        const nested = await new Promise((resolve) => { inner.onmessage = (event) => resolve(event.data) })
        const fetched = await fetch('../plain/text')
        postMessage([xhr.responseText, xhr.responseURL, fetched.url, await fetched.text(), new Request('z?a#b').url,
          new EventSource('e').url, moved, socket, nested, self.one + self.two,
          await fetch('http://').catch((e) => e.message), await fetch().catch((e) => e.message)])
      })()`,
    },
  ],
  [
    'what it finds in its world',
    {
      code: `postMessage([fetch, Request, Worker, XMLHttpRequest.prototype.open, importScripts, close, Response.redirect,
        WorkerLocation.prototype.toString, Object.getOwnPropertyDescriptor(WorkerLocation.prototype, 'href').get]
        .flatMap((f) => [String(f), f.name, f.length]).concat(Object.getOwnPropertyNames(self).sort(),
        Object.keys(self).sort(), Worker.prototype.constructor === Worker, Request.prototype.constructor === Request,
        new Request('/') instanceof Request, typeof onmessage))`,
    },
  ],
  [
    'messages that were sent before it ran',
    {
      posts: ['one', { two: [2] }, new Date(5)],
      code: 'const got = []; addEventListener("message", ({ data, ports }) => { got.push([data, ports.length]); if (got.length === 3) postMessage(got) })',
    },
  ],
  ['a blob without a type', { at: 'blob:', code: 'postMessage([location.protocol, "ran"])' }],
  ['a blob that is a module', { at: 'blob:text/javascript', type: 'module', code: 'postMessage("ran")' }],
  ['a data address', { at: 'data:text/javascript,postMessage(origin)//', code: '' }],
  ['an error at the top', { code: '\n\n  throw new RangeError("boo")' }],
  ['an error at the top of a module', { type: 'module', code: '\n\n  throw new RangeError("boo")' }],
  ['an error later', { code: '\n\n  setTimeout(() => { throw new RangeError("boo") })' }],
  ['a module that does not parse', { type: 'module', code: '\n\nlet let 5' }],
  ['a script that is not there', { at: '/missing.js', code: '' }],
  ['a module that is not there', { at: '/missing.js', type: 'module', code: '' }],
  ['a script of the wrong type', { at: '/page.js', code: '' }],
  ['an address that is none', { at: 'http://', code: '' }],
  ['an address elsewhere', { at: 'http://worker.invalid/w.js', code: '' }],
  ['an option that is none', { type: 'bogus' as 'module', code: '' }],
]

/** Run a probe in the page: what came of it, with nothing in it that differs from run to run. */
export async function runProbe(probe: WorkerProbe): Promise<unknown[]> {
  const { at = '/sub/w.js', type, name, posts = [], count = 1 } = probe
  const seen: unknown[] = []
  const tell = (event: SecurityPolicyViolationEvent) => seen.push(['violation', event.blockedURI])
  document.addEventListener('securitypolicyviolation', tell)
  const text = `const ORIGIN = ${JSON.stringify(location.origin)};${probe.code.includes('ORIGIN') ? '' : '\n'}`
  const code = probe.code.includes('ORIGIN') ? text + probe.code : probe.code
  const isBlob = at.startsWith('blob:')
  const address = isBlob
    ? URL.createObjectURL(new Blob([code], { type: at.slice(5) }))
    : `${at}${at.includes('//') ? '' : '?code='}${at.includes('//') ? '' : encodeURIComponent(code)}`
  try {
    const options = { ...(type ? { type } : {}), ...(name ? { name } : {}) }
    const worker = new Worker(address, options)
    // A worker that nothing refers to but itself may be collected before it has spoken.
    Object.assign(globalThis, { worker })
    if (isBlob) URL.revokeObjectURL(address)
    for (const post of posts) worker.postMessage(post)
    await new Promise<void>((resolve) => {
      worker.onmessage = (event) => {
        if (seen.push(['message', event.data]) >= count) resolve()
      }
      worker.onerror = (event) => {
        const { message, lineno, colno } = event
        seen.push(['error', event.constructor.name, message, event.filename, lineno, colno])
        setTimeout(resolve, 100)
      }
      setTimeout(resolve, 10_000)
    })
  } catch (error) {
    seen.push(['thrown', (error as Error).name, (error as Error).message])
  }
  document.removeEventListener('securitypolicyviolation', tell)
  return seen
}
