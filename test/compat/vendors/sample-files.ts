import { crc32 } from 'node:zlib'

/** More than the packages ask for at once, so that they have something to leave out. */
const FILLING = Buffer.alloc(300_000, 7)

/** A PDF of one page (ISO 32000-1) with a few words, and a long stream that nobody needs. */
export const PDF = pdfOf([
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
  streamOf(Buffer.from('BT /F 12 Tf 10 50 Td (zwei und drei) Tj ET')),
  '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  streamOf(FILLING),
])

function streamOf(bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<</Length ${bytes.length}>>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ])
}

function pdfOf(objects: readonly (string | Buffer)[]): Buffer {
  let bytes = Buffer.from('%PDF-1.7\n')
  const offsets = objects.map((object, at) => {
    const offset = bytes.length
    const begin = Buffer.from(`${at + 1} 0 obj\n`)
    bytes = Buffer.concat([bytes, begin, Buffer.from(object), Buffer.from('\nendobj\n')])
    return offset
  })
  const size = objects.length + 1
  const rows = offsets.map((offset) => `${`${offset}`.padStart(10, '0')} 00000 n \n`).join('')
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}`
  const end = `trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${bytes.length}\n%%EOF\n`
  return Buffer.concat([bytes, Buffer.from(table + end)])
}

/** A ZIP archive (APPNOTE 6.3) of two files that are only stored. */
export const ZIP = zipOf([
  ['filling.bin', FILLING],
  ['größe.txt', Buffer.from('zwei & drei')],
])

function zipOf(files: readonly (readonly [name: string, bytes: Buffer])[]): Buffer {
  let bytes = Buffer.alloc(0)
  const entries = files.map(([name, content]) => {
    const offset = Buffer.alloc(4)
    offset.writeUInt32LE(bytes.length)
    const [common, named] = [commonOf(name, content), Buffer.from(name)]
    bytes = Buffer.concat([bytes, Buffer.from('PK\x03\x04'), common, named, content])
    return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(10), offset, named])
  })
  const list = Buffer.concat(entries)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(bytes.length, 12)
  return Buffer.concat([bytes, list, Buffer.from('PK\x05\x06'), end])
}

/** What a file's own header and its entry in the list have alike: version 2.0, names in UTF-8, stored, no time. */
function commonOf(name: string, content: Buffer): Buffer {
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20)
  common.writeUInt16LE(0x800, 2)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(content.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(Buffer.byteLength(name), 22)
  return common
}

/** Width and height of {@link TIFF}. */
export const TIFF_SIZE = [1024, 512] as const

/** A grey picture (TIFF 6.0, a little-endian baseline file) whose pixels count up along each row, in strips of 64 rows. */
export const TIFF = tiffOf(...TIFF_SIZE, 64)

function tiffOf(width: number, height: number, rows: number): Buffer {
  const pixels = Buffer.from(Uint8Array.from({ length: width * height }, (_, at) => (at % width) & 0xff))
  const strips = Array.from({ length: height / rows }, (_, at) => at * rows * width)
  const [short, long, count] = [3, 4, strips.length]
  const entries = 9
  const lists = 8 + 2 + entries * 12 + 4
  const begin = lists + 2 * 4 * count
  const fields = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, 1, 8],
    [259, short, 1, 1],
    [262, short, 1, 1],
    [273, long, count, lists],
    [277, short, 1, 1],
    [278, long, 1, rows],
    [279, long, count, lists + 4 * count],
  ] as const
  const head = Buffer.alloc(begin)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(entries, 8)
  fields.forEach(([tag, type, values, value], at) => {
    const place = 10 + at * 12
    head.writeUInt16LE(tag, place)
    head.writeUInt16LE(type, place + 2)
    head.writeUInt32LE(values, place + 4)
    head.writeUInt32LE(value, place + 8)
  })
  strips.forEach((offset, at) => {
    head.writeUInt32LE(begin + offset, lists + 4 * at)
    head.writeUInt32LE(rows * width, lists + 4 * (count + at))
  })
  return Buffer.concat([head, pixels])
}
