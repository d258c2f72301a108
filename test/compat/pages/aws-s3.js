import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { job } from './job.js'

job(async ({ base, key }) => {
  // By an address no bucket can be put before; by a name the SDK does that itself.
  const forcePathStyle = /^[\d.]+$/.test(new URL(base).hostname)
  const credentials = { accessKeyId: key, secretAccessKey: key }
  // It signs for another region than the service is in: what a page signs counts for nothing.
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: base,
    forcePathStyle,
    credentials,
    maxAttempts: 1,
  })
  const bucket = { Bucket: 'my-bucket' }
  const file = { ...bucket, Key: 'uploads/a b+€.txt' }
  const failed = (command) =>
    client.send(command).then(
      () => 'done',
      (error) => [error.name, error.$metadata?.httpStatusCode],
    )
  const put = await client.send(new PutObjectCommand({ ...file, Body: 'from the page: 1 €' }))
  const bytes = { ...bucket, Key: 'uploads/bytes', Body: new Uint8Array([0, 1, 2, 255]) }
  await client.send(new PutObjectCommand(bytes))
  const listed = await client.send(new ListObjectsV2Command({ ...bucket, Prefix: 'uploads/' }))
  const got = await client.send(new GetObjectCommand(file))
  return {
    put: put.$metadata.httpStatusCode,
    names: listed.Contents?.map(({ Key }) => Key),
    got: await got.Body?.transformToString(),
    missing: await failed(new GetObjectCommand({ ...bucket, Key: 'uploads/none' })),
    deleted: await failed(new DeleteObjectCommand(file)),
    elsewhere: await failed(new PutObjectCommand({ ...bucket, Key: 'elsewhere/a', Body: 'a' })),
  }
})
