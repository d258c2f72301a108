/** One call of a page: how it is named in the address it goes to, and what sends it. */
type Senders = Record<string, (url: string) => unknown>

/**
 * Runs in a document or a worker: send with everything that sends there, in every way in which what is sent may differ. Each
 * call has its name in its address. Resolves when all have been answered, or were taken by who answers nobody.
 *
 * @param base what the addresses begin with.
 */
export async function sendEverything(base: string): Promise<string[]> {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => at & 255)
  const post = (body: BodyInit | null, more: RequestInit = {}) => ({ method: 'POST', body, ...more })
  const form = () => {
    const made = new FormData()
    made.append('näme "q"', 'välue\r\nline')
    made.append('file', new Blob([bytes], { type: 'image/png' }), 'a b.png')
    return made
  }
  const xhr = (
    method: string,
    body: XMLHttpRequestBodyInit | Document | null = null,
    headers: Record<string, string> = {},
  ) => {
    return (url: string) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest()
        request.onloadend = resolve
        request.open(method, url)
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
        request.send(body as XMLHttpRequestBodyInit)
      })
  }
  const get = (init?: RequestInit) => (url: string) => fetch(url, init)
  const own = {
    accept: 'application/json;q=0.9, */*;q=0.1',
    'accept-language': 'la',
    'cache-control': 'max-age=5',
    'content-type': 'application/vnd.own+json',
    'x-request-id': 'own',
  }
  const senders: Senders = {
    get: get(),
    'get-odd-query': (url) => fetch(`${url}&a=%27'"<>&b=é😀&c=+%20 &d&=e&&zz=%zz%2f/?:@|^\`{}[]#gone`),
    'get-own-headers': get({ headers: own }),
    'get-accept-empty': get({ headers: { accept: '' } }),
    'get-range': get({ headers: { range: 'bytes=0-1' } }),
    'get-if-none-match': get({ headers: { 'if-none-match': '"a"' } }),
    'get-no-store': get({ cache: 'no-store' }),
    'get-reload': get({ cache: 'reload' }),
    'get-no-cache': get({ cache: 'no-cache' }),
    'get-force-cache': get({ cache: 'force-cache' }),
    'get-no-store-own': get({ cache: 'no-store', headers: { pragma: 'own', 'cache-control': 'max-age=5' } }),
    'get-no-cache-own': get({ cache: 'no-cache', headers: { 'cache-control': 'max-age=5' } }),
    'get-no-store-own-half': get({ cache: 'no-store', headers: { 'cache-control': 'max-age=5' } }),
    'get-no-cache-if-match': get({ cache: 'no-cache', headers: { 'if-match': '"a"' } }),
    'get-force-cache-if-match': get({ cache: 'force-cache', headers: { 'if-match': '"a"' } }),
    'get-own-name': get({ headers: { 'user-agent': 'own' } }),
    'get-credentials': get({ credentials: 'same-origin' }),
    'get-keepalive': get({ keepalive: true }),
    'get-priority': get({ priority: 'high' }),
    'get-no-referrer': get({ referrerPolicy: 'no-referrer' }),
    'get-request': (url) => fetch(new Request(url, { headers: { 'x-request-id': 'made' } })),
    head: get({ method: 'HEAD' }),
    delete: get({ method: 'DELETE' }),
    'delete-json': get({ method: 'DELETE', body: '{}', headers: { 'content-type': 'application/json' } }),
    'post-nothing': get({ method: 'POST' }),
    'put-nothing': get({ method: 'PUT' }),
    'patch-nothing': get({ method: 'PATCH' }),
    'post-empty': get(post('')),
    'post-text': get(post('text é\u2028')),
    'post-json': get(post('{"a":1.0, "b" : "\\u00e9"}', { headers: { 'content-type': 'application/json' } })),
    'post-params': get(post(new URLSearchParams([['a b', 'é&=']]))),
    'post-blob': get(post(new Blob([bytes], { type: 'audio/Wav; a=b' }))),
    'post-plain-blob': get(post(new Blob([bytes]))),
    'post-buffer': get(post(bytes.buffer)),
    'post-view': get(post(new DataView(bytes.buffer, 3, 5))),
    'post-form': get(post(form())),
    'post-large': get(post(new Uint8Array(600_000).fill(97))),
    'post-keepalive': get(post('kept', { keepalive: true })),
    'post-unpacked': get(post('{}', { headers: { 'content-encoding': 'Identity' } })),
    'put-bytes': get({ method: 'PUT', body: bytes }),
    'patch-json': get({ method: 'PATCH', body: '[]', headers: { 'content-type': 'application/json' } }),
    'xhr-get': xhr('GET'),
    'xhr-if-none-match': xhr('GET', null, { 'if-none-match': '"a"' }),
    'xhr-own-headers': xhr('GET', null, own),
    'xhr-post-text': xhr('POST', 'text é'),
    'xhr-post-params': xhr('POST', new URLSearchParams('a=b')),
    'xhr-post-form': xhr('POST', form()),
    'xhr-post-blob': xhr('POST', new Blob([bytes], { type: 'text/x' })),
    'xhr-post-view': xhr('POST', bytes.subarray(2, 9)),
    'xhr-post-nothing': xhr('POST'),
    'xhr-put-charset': xhr('PUT', 'é', { 'content-type': 'text/plain;charset=latin1' }),
    'xhr-delete': xhr('DELETE'),
    source: (url) =>
      new Promise((resolve) => {
        const source = new EventSource(url)
        source.onmessage = source.onerror = (event) => {
          source.close()
          resolve(event)
        }
      }),
  }
  if (globalThis.document) {
    const parsed = new DOMParser().parseFromString('<a>é</a>', 'text/xml')
    senders['xhr-post-document'] = xhr('POST', parsed)
    senders.beacon = (url) => navigator.sendBeacon(url)
    senders['beacon-text'] = (url) => navigator.sendBeacon(url, 'bye é')
    senders['beacon-params'] = (url) => navigator.sendBeacon(url, new URLSearchParams('a=b'))
    senders['beacon-form'] = (url) => navigator.sendBeacon(url, form())
    senders['beacon-bytes'] = (url) => navigator.sendBeacon(url, bytes)
  }
  for (const [name, send] of Object.entries(senders)) {
    const result = await Promise.resolve(send(`${base}?sender=${name}`)).catch((error: Error) => error)
    if (result instanceof Response) await result.text().catch(() => '')
  }
  return Object.keys(senders)
}
