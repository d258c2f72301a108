/** What the tests use of the certified server `oidc-provider`, which brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Stored {
    readonly clientId: string
    save(): Promise<string>
  }
  interface Model {
    new (members: object): Stored
    find(value: string): Promise<Stored | undefined>
  }
  // biome-ignore lint/style/noDefaultExport: so it is in the package
  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
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
