/** An origin taken apart for the eye. Put together again the parts are the whole origin. */
export interface OriginParts {
  /** `https://`. Shown only where it is not that. */
  scheme: string
  /** Subdomains with the trailing dot, or empty. Anyone who owns the rest can choose them. */
  prefix: string
  /** The part that someone had to register: who it is. The whole host for addresses and single names. */
  registrable: string
  /** `:8080`, or empty. */
  port: string
  /** The host has a label in punycode: letters beyond a to z, which may look like others. It is shown as punycode. */
  international: boolean
}

/** Second-level names under which countries register: `example.co.uk`. */
const COUNTRY_SECOND_LEVELS = new Set('ac co com edu go gob gov gr ne net nom or org sch'.split(' '))

/** Hosts under which strangers get a name of their own. Emphasising the host would vouch for all of them. */
const SHARED_HOSTS = new Set(
  (
    'github.io gitlab.io vercel.app netlify.app pages.dev workers.dev web.app firebaseapp.com herokuapp.com ' +
    'glitch.me hf.space replit.app replit.dev repl.co onrender.com fly.dev azurewebsites.net cloudfront.net ' +
    'amazonaws.com blogspot.com ngrok.io ngrok.app ngrok-free.app trycloudflare.com surge.sh deno.dev ' +
    'streamlit.app lovable.app stackblitz.io webcontainer.io csb.app bolt.host up.railway.app r2.dev'
  ).split(' '),
)

/**
 * Take an origin apart. A help for the eye only, by common registration practice and without the Public Suffix List:
 * nothing is decided by it, since a grant is for the whole origin.
 *
 * @param origin as the browser serialises it. Other text comes back whole as `registrable`.
 */
export function originParts(origin: string): OriginParts {
  const url = URL.parse(origin)
  if (url === null || url.host === '') {
    return { scheme: '', prefix: '', registrable: origin, port: '', international: false }
  }
  const { hostname } = url
  const count = registrableLabels(hostname)
  const labels = hostname.split('.')
  const registrable = labels.slice(-count).join('.')
  return {
    scheme: `${url.protocol}//`,
    prefix: hostname.slice(0, hostname.length - registrable.length),
    registrable,
    port: url.port === '' ? '' : `:${url.port}`,
    international: labels.some((label) => label.startsWith('xn--')),
  }
}

/** How many labels from the right are registered by someone. */
function registrableLabels(hostname: string): number {
  const labels = hostname.split('.')
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return labels.length
  for (let count = 2; count < labels.length; count += 1) {
    if (SHARED_HOSTS.has(labels.slice(-count).join('.'))) return count + 1
  }
  const [second = '', top = ''] = labels.slice(-2)
  return top.length === 2 && COUNTRY_SECOND_LEVELS.has(second) ? 3 : 2
}
