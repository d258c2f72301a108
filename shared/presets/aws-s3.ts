import type { PresetExamples } from '../model/preset-examples.ts'
import { definePreset } from './define-preset.ts'

/**
 * Amazon S3 (docs.aws.amazon.com/AmazonS3/latest/API, 2026), signed with an access key. What pages signed with a
 * placeholder is taken out. Access lists, policies and the like ride on the same paths as names of the query, so
 * those that may stand there are listed. The test lists the buckets, which a key for one bucket is refused with a
 * reason that proves it. The bucket is in the path; where it is in the host name, see `aws-s3-bucket.ts`.
 */
export const AWS_S3 = definePreset({
  id: 'aws-s3',
  label: 'Amazon S3',
  baseUrls: [],
  baseUrlHint: 'https://s3.eu-central-1.amazonaws.com',
  // With a bucket in its name, what is a bucket in these rules would be a folder of it.
  hostShape: '(?!.+[.]s3[.-].*amazonaws[.]com([.]cn)?$).*',
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
    { id: 'bucket', label: 'bucket', hint: 'my-bucket', shape: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]' },
    { id: 'folder', label: 'folder', hint: 'uploads', shape: '[A-Za-z0-9_.-]{1,100}' },
  ],
  capabilities: [
    {
      id: 's3-read',
      label: 'Read one bucket',
      description: 'Lists and reads what is in the bucket you name.',
      risk: 'read',
      allow: [
        'GET,HEAD /{bucket}?list-type&prefix&delimiter&max-keys&continuation-token&start-after&encoding-type&fetch-owner&x-id',
        'GET,HEAD /{bucket}/?list-type&prefix&delimiter&max-keys&continuation-token&start-after&encoding-type&fetch-owner&x-id',
        'GET,HEAD /{bucket}/**?versionId&partNumber&response-content-type&response-content-disposition&x-id',
      ],
    },
    {
      id: 's3-write',
      label: 'Write to one folder',
      description: 'Writes files into the folder you name, over what is there. Deletes none.',
      risk: 'write',
      allow: ['PUT /{bucket}/{folder}/**?x-id'],
    },
  ],
  test: {
    method: 'GET',
    path: '/',
    ok: 'status',
    answers: [
      { status: 403, holds: 'SignatureDoesNotMatch', means: 'key-refused' },
      { status: 403, holds: 'InvalidAccessKeyId', means: 'key-refused' },
    ],
  },
  hazards: ['Make an access key for one bucket: one of your own account opens all of AWS.'],
})

/** What sites with its capabilities may and may not do, and what the service answers to the test call. */
export const EXAMPLES: PresetExamples = {
  baseUrl: 'https://s3.eu-central-1.amazonaws.com',
  values: { accesskey: 'AKIAIOSFODNN7EXAMPLE', bucket: 'my-bucket', folder: 'uploads' },
  testCall: ['GET /', 'signature'],
  answers: [
    [200, '<?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult/>', 'accepted'],
    [403, '<Error><Code>SignatureDoesNotMatch</Code></Error>', 'key-refused'],
    [403, '<Error><Code>InvalidAccessKeyId</Code></Error>', 'key-refused'],
    [403, '<Error><Code>AccessDenied</Code></Error>', 'lacks-scope'],
    [200, '<!DOCTYPE html><html><title>Welcome</title></html>', 'wrong-base-url'],
  ],
  capabilities: {
    's3-read': {
      allow: [
        'GET /my-bucket?list-type=2&prefix=a',
        'GET /my-bucket/?list-type=2',
        'GET /my-bucket/folder/file.txt?x-id=GetObject',
      ],
      deny: {
        'query-not-listed': [
          'GET /my-bucket?policy',
          'GET /my-bucket/file.txt?acl',
          'GET /my-bucket?versions',
        ],
        'no-rule': ['GET /other-bucket/file.txt', 'DELETE /my-bucket/file.txt', 'GET /'],
        'url-unsafe': ['GET /my-bucket/%2e%2e/other-bucket'],
      },
    },
    's3-write': {
      allow: [
        ['PUT /my-bucket/uploads/a.txt?x-id=PutObject', 'a', 'text/plain'],
        ['PUT /my-bucket/uploads/b/c.txt', 'a', 'text/plain'],
      ],
      deny: {
        'query-not-listed': ['PUT /my-bucket/uploads/a.txt?acl', 'PUT /my-bucket/uploads/a.txt?tagging'],
        'no-rule': [
          'PUT /my-bucket/elsewhere/a.txt',
          'DELETE /my-bucket/uploads/a.txt',
          'PUT /my-bucket',
          'POST /my-bucket?delete',
        ],
        'url-unsafe': ['PUT /my-bucket/uploads/%2e%2e/elsewhere/a.txt'],
      },
    },
  },
}
