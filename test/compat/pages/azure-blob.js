import { BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import { job } from './job.js'
import { FILE_BYTES, PIECE_BYTES } from './upload-file.js'

job(async ({ base, key }) => {
  const signature = `sv=2026-02-06&sp=rw&sig=${key}`
  const blob = new BlockBlobClient(`${base}/account/box/a.bin?${signature}`)
  let sent = 0
  const { etag } = await blob.uploadData(new Blob([FILE_BYTES]), {
    blockSize: PIECE_BYTES,
    maxSingleShotSize: PIECE_BYTES,
    concurrency: 1,
    onProgress: ({ loadedBytes }) => {
      sent = loadedBytes
    },
  })
  const part = await blob.download(10, 4)
  const bytes = [...new Uint8Array(await (await part.blobBody).arrayBuffer())]
  const names = []
  for await (const each of new ContainerClient(`${base}/account/box?${signature}`).listBlobsFlat())
    names.push(each.name)
  const failure = await new BlockBlobClient(`${base}/account/box/none?${signature}`)
    .getProperties()
    .catch((error) => [error.statusCode, error.details?.errorCode])
  return { etag, sent, bytes, names, failure }
})
