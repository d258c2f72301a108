/** A call of each kind to the notes service, and a stream. `piece` gets the stream's pieces. */
export async function bothCalls({ base, key, piece }) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ title: 'from fetch' })
  const posted = await fetch(`${base}/notes`, { method: 'POST', headers, body })
  const made = await posted.json()
  const read = await byXhr(`${base}/notes/first`, headers.authorization)
  const { body: stream } = await fetch(`${base}/ticks`, { headers })
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) piece(next.value)
  return { made, read }
}

/** What an `XMLHttpRequest` reads, as JSON. */
export function byXhr(url, authorization) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('GET', url)
    xhr.responseType = 'json'
    xhr.setRequestHeader('authorization', authorization)
    xhr.addEventListener('load', () => resolve(xhr.response))
    xhr.onerror = () => reject(new Error('network error'))
    xhr.send()
  })
}
