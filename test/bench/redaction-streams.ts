const KEY = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
const LINE =
  '{"choices":[{"index":0,"delta":{"content":" skills and tasks\\u00e9\\n"},"finish_reason":null}]}\n\n'

const secret = (text: string) => ({ bytes: Buffer.from(text), pieces: true })
const whole = (text: string) => ({ bytes: Buffer.from(text), pieces: false })
const pair = `owner:${KEY}`
/** What is sought, by the scheme that the key is sent with. */
export const CREDENTIALS = {
  bearer: [secret(KEY)],
  basic: [secret(KEY), whole(pair), whole(Buffer.from(pair).toString('base64'))],
  'five secrets': [1, 2, 3, 4, 5].map((turn) => secret(KEY.slice(turn * 7) + KEY.slice(0, turn * 7))),
}

/** A piece too short to be taken out, over and over, each character in a spelling. */
const nearly = (spell: (code: number, at: number) => string) =>
  `${[...Buffer.from(KEY.slice(0, 15))].map(spell).join('')}~`
const WAYS: ((code: number) => string)[] = [
  (code) => String.fromCharCode(code),
  (code) => `%${code.toString(16)}`,
  (code) => `\\u00${code.toString(16)}`,
  (code) => `&#${code};`,
  (code) => `&#x00${code.toString(16)};`,
]
/** What comes, over and over, one character a byte: where nothing matches, and what a service could make of its key to be slow. */
export const STREAMS = {
  'nothing: zeros': '\0',
  'nothing: events of JSON': LINE,
  'nothing: prose': 'It was the best of times, it was the worst of times, it was the age of wisdom.\n',
  'nothing: base64 of noise': noise(),
  'hostile: nearly': nearly((code) => String.fromCharCode(code)),
  'hostile: nearly, percent-encoded': nearly((code) => `%${code.toString(16)}`),
  'hostile: nearly, percent-encoded twice': nearly((code) => `%25${code.toString(16)}`),
  'hostile: nearly, in \\u escapes': nearly((code) => `\\u00${code.toString(16)}`),
  'hostile: nearly, in references': nearly((code) => `&#${code};`),
  'hostile: nearly, in a mixture': Array.from({ length: 97 }, (_, n) =>
    nearly((code, at) => (WAYS[(n >> (at % 6)) % WAYS.length] ?? String.fromCharCode)(code)),
  ).join(''),
  'hostile: pairs of its characters': Array.from({ length: 44 }, (_, n) =>
    KEY.slice((n * 17) % 44, ((n * 17) % 44) + 2),
  ).join(''),
  'hostile: percent signs': '%',
  'hostile: ampersands': '&',
  'hostile: backslashes': '\\',
  'hostile: soft line breaks': '=\n',
  'hostile: escaped line ends': '\\n',
  'hostile: broken escapes': '\\u0',
  'hostile: escaped ampersands': '\\u0026',
  'hostile: one character and a line break': 's=\r\n',
  'hostile: half pairs behind an ampersand': '&#\\ud83d',
  'hostile: broken hex escapes': '\\x',
  'hostile: references cut off': '&#1',
  'hostile: references with zeros': '&#0000000115',
  'hostile: encoded ampersands and hashes': '%26%23',
  'hostile: escapes of a key and of none': '%21%62',
  'hostile: half pairs behind a reference cut off': '=&#115\\ud83d',
  'hostile: only keys': KEY,
  'hostile: only keys, in \\u escapes': [...Buffer.from(KEY)]
    .map((code) => `\\u00${code.toString(16)}`)
    .join(''),
}

function noise(): string {
  let x = 7
  const bytes = Buffer.alloc(99_999)
  for (let n = 0; n < bytes.length; n++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[n] = x >>> 16
  }
  return bytes.toString('base64')
}
