import { HttpRangeReader, TextWriter, ZipReader } from '@zip.js/zip.js'
import { job } from './job.js'

job(async ({ base, key }) => {
  const headers = { Authorization: `Bearer ${key}` }
  const archive = new ZipReader(new HttpRangeReader(`${base}/a.zip`, { headers, useXHR: false }))
  const entries = await archive.getEntries()
  const last = await entries.at(-1).getData(new TextWriter())
  await archive.close()
  const overXhr = new ZipReader(
    new HttpRangeReader(`${base}/a.zip`, { headers: new Map(Object.entries(headers)), useXHR: true }),
  )
  const again = await (await overXhr.getEntries()).at(-1).getData(new TextWriter())
  const failure = await new ZipReader(new HttpRangeReader(`${base}/none.zip`, { headers }))
    .getEntries()
    .catch((error) => error)
  return { names: entries.map(({ filename }) => filename), last, again, failure: failure instanceof Error }
})
