/** What the tests use of the certified server `oidc-provider`, which brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Stored {
    readonly clientId: string
    readonly expiration: number
    readonly tokenType: string
    save(): Promise<string>
  }
  interface Model {
    new (members: object): Stored
    find(value: string): Promise<Stored | undefined>
  }
  /** Of a request to the token endpoint whose client is known. */
  export interface TokenContext {
    readonly oidc: {
      readonly client: { readonly clientId: string; readonly asymmetricKeyStore: object }
      readonly params: { assertion?: string; scope?: string; client_assertion?: string | undefined }
    }
    body: object
  }
  export const errors: { readonly InvalidGrant: new (options?: ErrorOptions) => Error }
  // biome-ignore lint/style/noDefaultExport: so it is in the package
  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    registerGrantType(
      name: string,
      handler: (context: TokenContext) => Promise<void>,
      parameters: readonly string[],
    ): void
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{
      readonly prompt: { readonly name: string }
      readonly params: { readonly client_id: string; readonly scope: string }
      readonly session?: { readonly accountId: string }
    }>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: { readonly mergeWithLastSubmission: boolean },
    ): Promise<void>
    readonly Client: { find(id: string): Promise<object | undefined> }
    readonly Grant: new (
      members: object,
    ) => Stored & { addOIDCScope(scope: string): void }
    readonly RefreshToken: Model
    readonly AccessToken: Model
    readonly ClientCredentials: Model
  }
}

/** How it judges an assertion that a client signed; throws where it is not good. */
declare module 'oidc-provider/lib/shared/jwt_client_auth.js' {
  import type { TokenContext } from 'oidc-provider'

  // biome-ignore lint/style/noDefaultExport: so it is in the package
  export default function verify(
    context: TokenContext,
    keys: object,
    isAllowed: (algorithm: string) => boolean,
  ): Promise<void>
}
