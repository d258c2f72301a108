import { isApi, isCaught } from './catch-list.ts'
import { construct, NativeUrl, sliceText, socketUrl } from './primordials.ts'
import { replaceConstructor } from './replace.ts'
import { notice, waitForList } from './wire.ts'

/**
 * Tell the owner of WebSockets to an API whose calls are caught. They are the browser's own: nothing can put a key into one
 * as it opens, so whatever the page holds in its place is what the API gets.
 */
export function watchSockets(): void {
  replaceConstructor('WebSocket', (args, made, native) => {
    const socket = construct(native, args, made) as WebSocket
    void look(socket)
    return socket
  })
}

async function look(socket: WebSocket): Promise<void> {
  // `ws:` is `http:` and `wss:` is `https:`, with the same ports.
  const url = new NativeUrl(`http${sliceText(socketUrl(socket), 2)}`)
  if (isCaught(url) === undefined) await waitForList()
  if (isApi(url)) notice('socket')
}
