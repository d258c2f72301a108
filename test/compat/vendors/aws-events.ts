import { crc32 } from 'node:zlib'

/**
 * One message of AWS's event stream encoding (smithy.io, "Amazon Event Stream"): lengths, their checksum, headers of type
 * string, a JSON payload, the checksum of all.
 */
export function eventOf(type: string, payload: object): Buffer {
  const headers = Buffer.concat([
    header(':event-type', type),
    header(':content-type', 'application/json'),
    header(':message-type', 'event'),
  ])
  const body = Buffer.from(JSON.stringify(payload))
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + headers.length + body.length)
  prelude.writeUInt32BE(headers.length, 4)
  const begun = Buffer.concat([prelude, checksum(prelude), headers, body])
  return Buffer.concat([begun, checksum(begun)])
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(3)
  length.writeUInt8(7)
  length.writeUInt16BE(Buffer.byteLength(value), 1)
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)])
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return sum
}
