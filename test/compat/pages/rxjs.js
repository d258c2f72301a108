import { firstValueFrom, lastValueFrom, tap } from 'rxjs'
import { ajax } from 'rxjs/ajax'
import { fromFetch } from 'rxjs/fetch'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const headers = { Authorization: `Bearer ${key}` }
  const made = await firstValueFrom(ajax.post(`${base}/notes`, { title: 'from rxjs' }, headers))
  let shown = 0
  const show = ({ type, xhr }) => {
    if (type !== 'download_progress') return
    piece(xhr.responseText.slice(shown))
    shown = xhr.responseText.length
  }
  const asked = { url: `${base}/ticks`, headers, responseType: 'text', includeDownloadProgress: true }
  const last = await lastValueFrom(ajax(asked).pipe(tap(show)))
  const missing = await firstValueFrom(ajax.getJSON(`${base}/notes/missing`, headers)).catch((error) => error)
  const read = { headers, selector: (response) => response.json() }
  const fetched = await firstValueFrom(fromFetch(`${base}/notes/first`, read))
  return { made: made.response, last: last.type, missing: [missing.name, missing.status], fetched }
})
