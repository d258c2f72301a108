import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * One bucket of Amazon S3 at an address of its own (docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html,
 * 2026), as AWS's own SDKs ask for it: the bucket is in the host name, so rules speak of what is in it. At the address of
 * all buckets the same rules would open all of them, so an address that begins with `s3` is refused, Amazon's and of others
 * who do it alike; of servers that name it otherwise the owner has to give a bucket's. The rest is as in `aws-s3.ts`.
 */
export const AWS_S3_BUCKET = definePreset({
  id: 'aws-s3-bucket',
  label: 'Amazon S3 (one bucket)',
  baseUrls: [],
  baseUrlHint: 'https://my-bucket.s3.eu-central-1.amazonaws.com',
  // SECURITY: nothing before `s3` means every bucket there is.
  hostShape: '(?!s3[.-](?!.*[.]s3[.-])).*',
  auth: [
    {
      paths: ['* /**'],
      auth: {
        kind: 'sigv4',
        accessKeyId: '{accesskey}',
        region: null,
        awsService: 's3',
        style: 'header',
        secret: 'secret-access-key',
        sessionToken: 'session-token',
      },
    },
  ],
  strip: {
    headers: ['authorization', 'x-amz-security-token', 'x-amz-date', 'x-amz-content-sha256'],
    query: [
      'x-amz-signature',
      'x-amz-credential',
      'x-amz-security-token',
      'x-amz-date',
      'x-amz-signedheaders',
      'x-amz-expires',
      'x-amz-algorithm',
    ],
  },
  placeholder: 'valetkey-placeholder-the-real-key-stays-on-your-machine',
  keyHint: '40 characters',
  createKeyUrl: 'https://console.aws.amazon.com/iam/home#/security_credentials',
  values: [
    {
      id: 'accesskey',
      label: 'access key id',
      hint: 'AKIAIOSFODNN7EXAMPLE',
      shape: '(?:AKIA|ASIA)[A-Z2-7]{16}',
    },
    { id: 'folder', label: 'folder', hint: 'uploads', shape: '[A-Za-z0-9_.-]{1,100}' },
  ],
  capabilities: [
    {
      id: 's3-bucket-read',
      label: 'Read the bucket',
      description: 'Lists and reads what is in the bucket of the address.',
      risk: 'read',
      allow: [
        'GET,HEAD /?list-type&prefix&delimiter&max-keys&continuation-token&start-after&encoding-type&fetch-owner&x-id',
        'GET,HEAD /**?versionId&partNumber&response-content-type&response-content-disposition&x-id',
      ],
    },
    {
      id: 's3-bucket-write',
      label: 'Write to one folder',
      description: 'Writes files into the folder you name, over what is there. Deletes none.',
      risk: 'write',
      allow: ['PUT /{folder}/**?x-id'],
    },
  ],
  test: {
    method: 'GET',
    path: '/?list-type=2&max-keys=0',
    ok: 'status',
    answers: [
      { status: 403, holds: 'SignatureDoesNotMatch', means: 'key-refused' },
      { status: 403, holds: 'InvalidAccessKeyId', means: 'key-refused' },
    ],
  },
  hazards: ['Make an access key for this bucket: one of your own account opens all of AWS.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  baseUrl: 'https://my-bucket.s3.eu-central-1.amazonaws.com',
  values: { accesskey: 'AKIAIOSFODNN7EXAMPLE', folder: 'uploads' },
  testCall: ['GET /?list-type=2&max-keys=0', 'signature'],
  answers: [
    [200, '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult/>', 'accepted'],
    [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>', 'key-refused'],
    [403, '<Error><Code>InvalidAccessKeyId</Code></Error>', 'key-refused'],
    [403, '<Error><Code>AccessDenied</Code></Error>', 'lacks-scope'],
    [404, '<Error><Code>NoSuchBucket</Code></Error>', 'wrong-base-url'],
    [301, '<Error><Code>PermanentRedirect</Code></Error>', 'wrong-base-url'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    's3-bucket-read': {
      allow: [
        'GET /?list-type=2&prefix=a&x-id=ListObjectsV2',
        'GET /folder/file.txt?x-id=GetObject',
        'HEAD /file.txt',
      ],
      deny: {
        'query-not-listed': ['GET /?policy', 'GET /file.txt?acl', 'GET /?versions', 'GET /?list-type=2&acl'],
        'no-rule': ['DELETE /file.txt', 'PUT /file.txt', 'POST /?delete'],
        'url-unsafe': ['GET /%2e%2e/file.txt'],
      },
    },
    's3-bucket-write': {
      allow: [
        ['PUT /uploads/a.txt?x-id=PutObject', 'a', 'text/plain'],
        ['PUT /uploads/b/c.txt', 'a', 'text/plain'],
      ],
      deny: {
        'query-not-listed': ['PUT /uploads/a.txt?acl', 'PUT /uploads/a.txt?tagging'],
        'no-rule': [
          'PUT /elsewhere/a.txt',
          'DELETE /uploads/a.txt',
          'PUT /',
          'POST /?delete',
          'GET /uploads/a.txt',
        ],
        'url-unsafe': ['PUT /uploads/%2e%2e/elsewhere/a.txt'],
      },
    },
  },
}
