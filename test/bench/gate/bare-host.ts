import { createCipheriv, createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PassThrough } from 'node:stream'
import { Agent } from 'undici'

// The least that a host could do which seals and writes down each call before it is sent and after it has ended: what the
// regression gate holds ours against, on the same machine in the same minute. It shares no line with ours, so that what makes
// ours slower does not make this slower. `node bare-host.ts FOLDER KEY`. Speaks as much of the wire as `fairness-wire.ts` does.

const [, , folder = '', apiKey = ''] = process.argv
const CHUNK = 128 * 1024
const WINDOW = 1024 * 1024
/** Rows that are read, authenticated and opened for a call: session, grant, capability and service have as many. */
const ROWS_READ = 8

const secret = randomBytes(32)
const database = new DatabaseSync(join(folder, 'bare.sqlite'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec(
  'CREATE TABLE IF NOT EXISTS log (sequence INTEGER PRIMARY KEY, sealed BLOB NOT NULL, mac BLOB NOT NULL) STRICT',
)
const insert = database.prepare('INSERT INTO log (sealed, mac) VALUES (?, ?)')
const last = database.prepare('SELECT sequence, sealed, mac FROM log ORDER BY sequence DESC LIMIT ?')
const agent = new Agent()
let mac: Uint8Array = Buffer.alloc(32)

interface Frame {
  readonly type: string
  readonly id: number
  readonly document?: number
  readonly method?: string
  readonly url?: string
  readonly hasBody?: boolean
  readonly base64?: string
  readonly bytes?: number
}

interface Open {
  readonly body: PassThrough
  credit: number
  room: () => void
}
const open = new Map<number, Open>()

function send(frame: object): void {
  const body = Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  process.stdout.write(head)
  process.stdout.write(body)
}

/** One sealed row more, on the disk when this returns. */
function record(entry: object): void {
  for (const row of last.all(ROWS_READ))
    createHmac('sha256', secret)
      .update(row.sealed as Uint8Array)
      .digest()
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, iv)
  const sealed = Buffer.concat([
    iv,
    cipher.update(JSON.stringify(entry), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  mac = createHmac('sha256', secret).update(mac).update(sealed).digest()
  database.exec('BEGIN IMMEDIATE')
  insert.run(sealed, mac)
  database.exec('COMMIT')
}

function pieceOf(bytes: Buffer, isText: boolean): object {
  return isText ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }
}

async function call({ id, method = 'GET', url = '', hasBody = false }: Frame): Promise<void> {
  const mine: Open = { body: new PassThrough(), credit: WINDOW, room: () => {} }
  open.set(id, mine)
  const { origin, pathname, search } = new URL(url)
  record({ id: randomUUID(), kind: 'intent', at: Date.now(), origin, method, path: pathname })
  const answer = await agent.request({
    origin,
    path: pathname + search,
    method: method as 'GET',
    headers: { authorization: `Bearer ${apiKey}`, 'accept-encoding': 'identity' },
    body: hasBody ? mine.body : null,
  })
  const type = String(answer.headers['content-type'] ?? '')
  send({ type: 'head', id, status: answer.statusCode, headers: [['content-type', type]] })
  const hash = createHash('sha256')
  let held: Buffer[] = []
  let bytes = 0
  const flush = async () => {
    const piece = Buffer.concat(held)
    held = []
    bytes = 0
    while (mine.credit < piece.length) await new Promise<void>((resolve) => (mine.room = resolve))
    mine.credit -= piece.length
    hash.update(piece)
    send({ type: 'chunk', id, ...pieceOf(piece, type.startsWith('application/json')) })
  }
  for await (const piece of answer.body as AsyncIterable<Buffer>) {
    held.push(piece)
    bytes += piece.length
    if (bytes >= CHUNK) await flush()
  }
  if (bytes > 0) await flush()
  record({ id: randomUUID(), kind: 'outcome', at: Date.now(), digest: hash.digest('hex') })
  open.delete(id)
  send({ type: 'end', id })
}

function take(frame: Frame): void {
  const mine = open.get(frame.id)
  if (frame.type === 'hello') send({ type: 'hello' })
  if (frame.type === 'document') send({ type: 'catch', document: frame.document })
  if (frame.type === 'ask') void call(frame)
  if (frame.type === 'credit' && mine !== undefined) {
    mine.credit += frame.bytes ?? 0
    mine.room()
  }
  if (frame.type === 'body-end') mine?.body.end()
  if (frame.type !== 'body' || mine === undefined) return
  const bytes = Buffer.from(frame.base64 ?? '', 'base64')
  const taken = () => send({ type: 'credit', id: frame.id, bytes: bytes.length })
  if (mine.body.write(bytes)) taken()
  else mine.body.once('drain', taken)
}

let pending: Buffer[] = []
let length = 0
process.stdin.on('data', (bytes: Buffer) => {
  pending.push(bytes)
  length += bytes.length
  for (;;) {
    const [first] = pending
    if (first === undefined || length < 4) return
    const all = first.length >= 4 ? first : Buffer.concat(pending)
    const end = 4 + all.readUInt32LE(0)
    if (length < end) return
    const whole = all.length >= end ? all : Buffer.concat(pending)
    pending = whole === first ? [whole.subarray(end), ...pending.slice(1)] : [whole.subarray(end)]
    length -= end
    take(JSON.parse(whole.toString('utf8', 4, end)) as Frame)
  }
})
process.stdin.on('end', () => process.exit(0))
