/** One request of HTTP/1.1 as its bytes say it. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  /** In order and in the case they came in. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/**
 * Read the first request of some bytes, to the letter of RFC 9112 and of nothing more lenient.
 *
 * @returns the request and how many bytes it took; null while it is not whole yet.
 * @throws Error for bytes that are no request: a line without CR, two lengths, a length and chunks, a blank in a name.
 */
export function readWireRequest(bytes: Buffer): { request: WireRequest; length: number } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const start = /^([A-Z]+) ([!-~]+) HTTP\/1\.1$/.exec(first)
  if (start === null) throw new Error(`no request line: ${JSON.stringify(first)}`)
  const headers = lines.map((line): [string, string] => {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`no header: ${JSON.stringify(line)}`)
    return [name, value]
  })
  const body = bodyOf(bytes.subarray(end + 4), headers)
  if (body === null) return null
  const [, method = '', target = ''] = start
  return { request: { method, target, headers, body: body.bytes }, length: end + 4 + body.length }
}

function bodyOf(bytes: Buffer, headers: readonly (readonly [string, string])[]) {
  const values = (name: string) =>
    headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  const [lengths, codings] = [values('content-length'), values('transfer-encoding')]
  if (lengths.length + codings.length > 1) throw new Error('two ways to find the end of the body')
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new Error('another transfer coding')
    return chunkedOf(bytes)
  }
  const [length = '0'] = lengths
  if (!/^(?:0|[1-9]\d*)$/.test(length)) throw new Error('a length that is none')
  return bytes.length < Number(length)
    ? null
    : { bytes: bytes.subarray(0, Number(length)), length: Number(length) }
}

function chunkedOf(bytes: Buffer): { bytes: Buffer; length: number } | null {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line === -1) return null
    const size = bytes.toString('latin1', at, line)
    if (!/^[0-9a-f]+$/i.test(size)) throw new Error('a chunk without its size')
    const [start, end] = [line + 2, line + 2 + Number.parseInt(size, 16)]
    if (bytes.length < end + 2) return null
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new Error('a chunk longer than its size')
    chunks.push(bytes.subarray(start, end))
    at = end + 2
    if (start === end) return { bytes: Buffer.concat(chunks), length: at }
  }
}
