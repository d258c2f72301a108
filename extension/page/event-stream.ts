import { decodeText, indexOf, matches, NativeDecoder, sliceText, splitText } from './primordials.ts'

/** What a stream of events tells its source. `type` is never empty. */
export interface EventStreamOwner {
  message(type: string, data: string, lastEventId: string): void
  /** The server wants so many milliseconds between connections. */
  retry(milliseconds: number): void
}

/** Reads `text/event-stream` (HTML standard, "Interpreting an event stream"). What has no blank line after it is no event. */
export interface EventStream {
  /** Bytes came, cut anywhere. */
  push(bytes: Uint8Array<ArrayBuffer>): void
  /** The last event ID: of the connection before, until this one brings another. */
  id(): string
}

/** A stream from its first byte. */
export function eventStream(owner: EventStreamOwner, id: string): EventStream {
  const decoder = new NativeDecoder()
  let nextId = id
  let rest = ''
  let isAfterCr = false
  let data = ''
  let type = ''

  const dispatch = () => {
    const said = data
    const name = type || 'message'
    id = nextId
    data = type = ''
    if (said) owner.message(name, sliceText(said, 0, -1), id)
  }
  const read = (line: string) => {
    if (line === '') return dispatch()
    const colon = indexOf(`${line}:`, ':')
    const field = sliceText(line, 0, colon)
    const value = sliceText(line, colon + (line[colon + 1] === ' ' ? 2 : 1))
    if (field === 'data') data += `${value}\n`
    else if (field === 'event') type = value
    else if (field === 'id' && indexOf(value, '\0') < 0) nextId = value
    else if (field === 'retry' && matches(/^\d+$/, value)) owner.retry(+value)
  }
  const endLine = () => {
    const line = rest
    rest = ''
    read(line)
  }
  return {
    push(bytes) {
      const lines = splitText(decodeText(decoder, bytes, { stream: true }), '\n')
      for (let i = 0; i < lines.length; i++) {
        // A line feed ends a line unless it belongs to a carriage return that did.
        if (i > 0 && !isAfterCr) endLine()
        if (i > 0) isAfterCr = false
        const parts = splitText(lines[i] as string, '\r')
        for (let k = 0; k < parts.length; k++) {
          const part = parts[k] as string
          if (k > 0) endLine()
          if (k > 0 || part) isAfterCr = part === ''
          rest += part
        }
      }
    },
    id: () => id,
  }
}
