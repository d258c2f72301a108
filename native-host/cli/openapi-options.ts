import type { Command } from 'commander'
import type { SecretOptions } from './gather-secrets.ts'
import { collect } from './parse-figures.ts'
import type { ServiceOptions } from './service-by-hand.ts'

/** What the owner says about an OpenAPI document. */
export interface OpenApiOptions extends SecretOptions, Pick<ServiceOptions, 'baseUrl' | 'local' | 'address'> {
  tag?: string[]
  operation?: string[]
  readOnly?: boolean
  service?: string
  capability?: string
  auth?: string[]
  set?: string[]
  dryRun?: boolean
  replace?: boolean
}

/** Offer the options of an OpenAPI document. */
export function openApiOptions(command: Command): Command {
  return command
    .option('--tag <tag>', 'OpenAPI: allow the operations of this tag; may be repeated', collect)
    .option(
      '--operation <id>',
      'OpenAPI: allow this one, by `operationId` or as `METHOD /path`; may be repeated',
      collect,
    )
    .option('--read-only', 'OpenAPI: only what is suggested as reading, of the tags or of everything')
    .option('--service <id>', 'OpenAPI: the service it is for; made where there is none of that id')
    .option('--capability <id>', 'OpenAPI: id of the capability')
    .option('--base-url <url>', 'OpenAPI: where the API lives, if the document does not say', collect)
    .option('--local', 'OpenAPI: it lives on this machine or a private network')
    .option('--address <ip>', 'OpenAPI: the one address a local host name is reached at')
    .option('--auth <kind>', 'OpenAPI: how it takes its key, if the document does not say', collect)
    .option('--set <name=value>', 'OpenAPI: a setting of `--auth`; may be repeated', collect)
    .option('--secret-stdin', 'OpenAPI: the key of a new service, read from stdin')
    .option('--secret-file <name=path>', 'OpenAPI: a secret of a new service from a file', collect)
}
