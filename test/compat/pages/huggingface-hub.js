import { downloadFile, fileExists, listFiles, uploadFile } from '@huggingface/hub'
import { job } from './job.js'

job(async ({ base, key }) => {
  const common = { hubUrl: base, accessToken: `hf_${key}`, repo: 'me/notes' }
  const names = []
  for await (const { path } of listFiles(common)) names.push(path)
  const file = await downloadFile({ ...common, path: 'a.txt' })
  const part = await file.slice(1, 3).text()
  const missing = await fileExists({ ...common, path: 'none' })
  const content = new Blob(['zwei & drei'])
  const { commit } = await uploadFile({
    ...common,
    file: { path: 'größe.txt', content },
    useWebWorkers: false,
  })
  return { names, size: file.size, part, missing, made: commit.oid }
})
