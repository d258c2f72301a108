import type { InlinePage } from '../pages/page-server.ts'

/** A page with a button, to which the provider announces itself before anything else runs. */
export const ASKS: InlinePage = {
  html: `<!doctype html><html lang="en"><title>Asks</title><link rel="icon" href="data:,"><body><button>Ask</button><script>
    globalThis.announced = []
    addEventListener('valetkey:announce-provider', (event) => announced.push(event.detail))
    dispatchEvent(new Event('valetkey:request-provider'))
  </script></body></html>`,
}

/** Takes `fetch` out before anybody can stand before it, and lets no worker begin from a blob. */
export const KEEPER: InlinePage = {
  html: '<!doctype html><html lang="en"><title>Keeper</title><link rel="icon" href="data:,"><script>const kept = fetch</script></html>',
  csp: "worker-src data: 'self'",
}
