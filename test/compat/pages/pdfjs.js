import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist'
import { job } from './job.js'

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href

job(async ({ base, key }) => {
  const httpHeaders = { Authorization: `Bearer ${key}` }
  const pdf = await getDocument({ url: `${base}/a.pdf`, httpHeaders }).promise
  const { items } = await (await pdf.getPage(1)).getTextContent()
  const failure = await getDocument({ url: `${base}/none.pdf`, httpHeaders }).promise.catch((error) => error)
  return { pages: pdf.numPages, said: items.map(({ str }) => str).join(''), failure: failure.status }
})
