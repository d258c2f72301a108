/** A way in which the bytes of a secret can lie in other bytes. */
export interface Form {
  readonly name: string
  readonly bytes: Buffer
}

/**
 * Every form a secret is searched for in: plain, both halves, base64 and base64url at each of the three alignments, hex,
 * percent, reversed, JSON and HTML escapes, UTF-16. Compressed, encrypted and hashed copies are not found.
 */
export function formsOf(secret: string): Form[] {
  const plain = Buffer.from(secret)
  const half = Math.ceil(secret.length / 2)
  const texts: [string, string][] = [
    ['plain', secret],
    ['first half', secret.slice(0, half)],
    ['second half', secret.slice(half)],
    ['reversed', [...secret].reverse().join('')],
    ['hex', plain.toString('hex')],
    ['hex upper', plain.toString('hex').toUpperCase()],
    ...escapes(secret),
    ...alignments('base64', plain),
    ...alignments('base64url', plain),
  ]
  const forms = texts.map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  const little = Buffer.from(secret, 'utf16le')
  return [
    ...forms,
    { name: 'utf-16le', bytes: little },
    { name: 'utf-16be', bytes: Buffer.from(little).swap16() },
  ]
}

function escapes(secret: string): [string, string][] {
  const codes = [...secret].map((character) => character.charCodeAt(0))
  const hex = (width: number) => codes.map((code) => code.toString(16).padStart(width, '0'))
  return [
    [
      'percent',
      hex(2)
        .map((code) => `%${code}`)
        .join(''),
    ],
    [
      'percent upper',
      hex(2)
        .map((code) => `%${code.toUpperCase()}`)
        .join(''),
    ],
    [
      'json escape',
      hex(4)
        .map((code) => `\\u${code}`)
        .join(''),
    ],
    [
      'json escape upper',
      hex(4)
        .map((code) => `\\u${code.toUpperCase()}`)
        .join(''),
    ],
    ['html decimal', codes.map((code) => `&#${code};`).join('')],
    [
      'html hex',
      hex(2)
        .map((code) => `&#x${code};`)
        .join(''),
    ],
    [
      'js escape',
      hex(2)
        .map((code) => `\\x${code}`)
        .join(''),
    ],
  ]
}

/** Base64 of the secret behind 0, 1 and 2 unknown bytes, without the characters that those and what follows decide. */
function alignments(encoding: 'base64' | 'base64url', plain: Buffer): [string, string][] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), plain])
      .toString(encoding)
      .replace(/=+$/, '')
    const start = before === 0 ? 0 : before + 1
    const whole = (before + plain.length) % 3 === 0
    return [`${encoding} +${before}`, text.slice(start, whole ? undefined : -1)]
  })
}
