import { blobSize, blobType, eachEntry, fileName, matches, sizeOf, splitText, utf8 } from '../primordials.ts'
import { BINARY_TYPE } from '../response.ts'

const bytesIn = (text: string): number => sizeOf(utf8(text))
const count = (text: string, part: string): number => splitText(text, part).length - 1

/** Line ends of a text: as they are written, and as they are once each is a CRLF. */
function lineEndsIn(text: string): { written: number; asSent: number } {
  const written = count(text, '\r') + count(text, '\n')
  return { written, asSent: written - count(text, '\r\n') }
}

/**
 * Bytes a form takes when it is sent (HTML standard, "multipart/form-data encoding algorithm"): told before the platform has
 * written it.
 *
 * @param type its `content-type`, which names the boundary.
 */
export function formSize(form: FormData, type: string): number {
  const boundary = bytesIn(matches(/boundary=(.*)/, type)?.[1] ?? '')
  // `--boundary--\r\n`
  let size = boundary + 6
  eachEntry(form, (value, name) => {
    const inName = lineEndsIn(name)
    // In names `"`, CR and LF take three bytes each.
    size += bytesIn(name) - inName.written + 6 * inName.asSent + 2 * count(name, '"')
    size += boundary + bytesIn('--\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n')
    if (typeof value === 'string') {
      const { written, asSent } = lineEndsIn(value)
      size += bytesIn(value) - written + 2 * asSent
    } else {
      const file = fileName(value)
      size += bytesIn(`; filename="${file}"\r\nContent-Type: ${blobType(value) || BINARY_TYPE}`)
      size += 2 * (lineEndsIn(file).written + count(file, '"')) + blobSize(value)
    }
  })
  return size
}
