import { Dropbox } from 'dropbox'
import { job } from './job.js'

job(async ({ base, key }) => {
  const { host, origin } = new URL(base)
  // The package takes the name of a server, and speaks TLS with it.
  const plainly = (url, init) => fetch(url.replace(`https://${host}`, origin), init)
  const dropbox = new Dropbox({ accessToken: key, domain: host, domainDelimiter: '', fetch: plainly })
  const listed = await dropbox.filesListFolder({ path: '' })
  const kept = await dropbox.filesUpload({ path: '/größe.txt', contents: new Blob(['zwei & drei']) })
  const { result } = await dropbox.filesDownload({ path: '/größe.txt' })
  const failure = await dropbox.filesDownload({ path: '/none' }).catch((error) => error)
  return {
    names: listed.result.entries.map(({ name }) => name),
    kept: kept.result.name,
    read: [result.name, await result.fileBlob.text()],
    failure: [failure.status, failure.error?.error_summary],
  }
})
