import type { ClientAuth } from 'oauth4webapi'

/** How a client proves itself with a secret (RFC 6749 section 2.3.1). */
export function clientSecret(place: 'basic' | 'post', secret: string): ClientAuth {
  return place === 'basic' ? basic(secret) : post(secret)
}

/** For a client without a secret (RFC 6749 section 3.2.1): its id alone. */
export const publicClient: ClientAuth = (_server, client, body) => body.set('client_id', client.client_id)

/** For grants whose assertion says who the client is (RFC 7523 section 2.1): no client id beside it. */
export const noClient: ClientAuth = () => {}

// Encoded as forms are (WHATWG URL), not as oauth4webapi has it: that also encodes `-` and `_`, which many secrets hold and
// servers that do not decode then refuse.
function basic(secret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    const pair = `${formEncoded(client.client_id)}:${formEncoded(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

function post(secret: string): ClientAuth {
  return (_server, client, body) => {
    body.set('client_id', client.client_id)
    body.set('client_secret', secret)
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
