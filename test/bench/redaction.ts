import { createRedactor, Sought } from '../../native-host/broker/redact.ts'

// Prints how fast redaction is, on streams without a match and on the worst ones. `node test/bench/redaction.ts`.

const KEY = 'sk-proj-9aF3kQ7LmZx0Tt2VbN5yPq8RwEjHsUd4CgIo1'
const SIZE = 32 * 1024 * 1024
const CHUNK = 64 * 1024
const LINE = '{"choices":[{"index":0,"delta":{"content":" skills and tasks\\u00e9"},"finish_reason":null}]}\n'

const pair = Buffer.from(`owner:${KEY}`)
const CREDENTIALS = {
  bearer: [{ bytes: Buffer.from(KEY), pieces: true }],
  basic: [
    { bytes: Buffer.from(KEY), pieces: true },
    { bytes: pair, pieces: false },
    { bytes: Buffer.from(pair.toString('base64')), pieces: false },
  ],
}
const STREAMS = {
  zeros: '\0',
  'JSON without a match': LINE,
  'always beginning': KEY.slice(0, 1),
  'always nearly': KEY.slice(0, -1),
  'nearly, in a mixture of spellings': mixture(),
  'only keys': KEY,
}

/** The key but for its last character, over and over, each character in one of several spellings. */
function mixture(): string {
  let text = ''
  for (let n = 0; text.length < 1_000_000; n = (n * 31 + 7) % 1_000_003) {
    for (const [at, character] of [...KEY.slice(0, -1)].entries()) {
      const code = character.charCodeAt(0)
      const ways = [
        character,
        `%${code.toString(16)}`,
        `\\u00${code.toString(16)}`,
        `&#${code}`,
        `&#x00${code.toString(16)};`,
      ]
      text += ways[(n >> (at % 8)) % ways.length]
    }
  }
  return text
}

function pass(bytes: Uint8Array, sought: Sought): number {
  const redactor = createRedactor(sought)
  // Time of this process on the processor: what else runs on the machine does not count.
  const start = process.cpuUsage()
  for (let at = 0; at < bytes.length; at += CHUNK) redactor.push(bytes.subarray(at, at + CHUNK))
  return bytes.length / process.cpuUsage(start).user
}

for (const [credential, secrets] of Object.entries(CREDENTIALS)) {
  for (const [name, unit] of Object.entries(STREAMS)) {
    const bytes = Buffer.alloc(SIZE, unit)
    const automaton = new Sought(secrets)
    const rates = [pass(bytes, automaton), pass(bytes, automaton), pass(bytes, automaton)]
    console.log(`${credential}, ${name}: ${Math.max(...rates).toFixed(0)} MB/s, `)
  }
}
