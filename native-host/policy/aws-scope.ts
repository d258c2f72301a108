import type { Auth } from '../../shared/model/service.ts'

/** For which part of AWS a request is signed. */
export interface AwsScope {
  readonly region: string
  readonly service: string
  /** S3 and its kin take the path as it is and need not have seen the body; all others do not. */
  readonly isS3: boolean
}

type SigV4Auth = Extract<Auth, { kind: 'sigv4' }>

/** A label such as `eu-west-1` or `us-gov-east-1`. */
const REGION = /^[a-z]{2}(?:-[a-z]+)+-[0-9]$/
/** Where the name in the address is not the name that is signed (botocore's service models, `signingName`). */
const SIGNED_AS: Readonly<Record<string, string>> = {
  'bedrock-runtime': 'bedrock',
  'bedrock-agent': 'bedrock',
  'bedrock-agent-runtime': 'bedrock',
  email: 'ses',
  'lambda-url': 'lambda',
}
/** Services with one address for the world, signed for us-east-1 (AWS General Reference, global endpoints). */
const GLOBAL = new Set(['iam', 'sts', 's3', 'cloudfront', 'organizations', 'route53'])
const S3_KIN = new Set(['s3', 's3express', 's3-object-lambda', 's3-outposts'])

/**
 * Region and service a call is signed for: as the owner said, else as the host name says. Null where neither tells.
 *
 * @param host as in a URL, with or without a port.
 */
export function awsScopeOf(auth: SigV4Auth, host: string): AwsScope | null {
  const named = namedScope(host.replace(/:\d+$/, ''))
  const region = auth.region ?? named?.region
  const service = auth.awsService ?? named?.service
  if (region === undefined || service === undefined) return null
  return { region, service, isS3: S3_KIN.has(service) }
}

/** `SERVICE.REGION.amazonaws.com`, `NAME.REGION.SERVICE.amazonaws.com`, `NAME.lambda-url.REGION.on.aws` and their kin. */
function namedScope(host: string): { region: string; service: string } | null {
  const labels = /^(.+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/.exec(host)?.[1]?.split('.')
  if (labels === undefined) return null
  const at = labels.findLastIndex((label) => REGION.test(label))
  const others = labels.filter((label) => label !== 'dualstack' && !REGION.test(label))
  const service = others.at(-1)?.replace(/-fips$|^fips-/, '')
  if (service === undefined) return null
  const signed = SIGNED_AS[service] ?? service
  const region = at === -1 ? (GLOBAL.has(signed) ? 'us-east-1' : null) : (labels[at] ?? null)
  return region === null ? null : { region, service: signed }
}
