import type { InlinePage } from './page-server.ts'

/** A page that does nothing by itself; tests run the clients in it. */
export const BLANK: InlinePage = {
  html: '<!doctype html><html lang="en"><title>Blank</title><link rel="icon" href="data:,"><body></body></html>',
}

/** The same under a policy that lets the page connect to itself only. */
export const STRICT: InlinePage = { ...BLANK, csp: "default-src 'self'; img-src data:; object-src 'none'" }

/** A page with axios loaded the old way, by a script element. */
export const AXIOS: InlinePage = {
  html: '<!doctype html><html lang="en"><title>axios</title><link rel="icon" href="data:,"><script src="/axios/axios.min.js"></script></html>',
}

/**
 * A page whose very first script makes a call, before the extension can have told it which calls are caught.
 * The outcome ends up in `document.title`: the status, or the name of the error.
 */
export function eagerPage(url: string, placeholder: string): InlinePage {
  const call = JSON.stringify([url, { headers: { authorization: `Bearer ${placeholder}` } }])
  return {
    html: `<!doctype html><html lang="en"><title>…</title><link rel="icon" href="data:,"><script>
      fetch(...${call}).then((r) => r.status, (e) => e.name).then((outcome) => { document.title = 'first: ' + outcome })
    </script></html>`,
  }
}

/** A page that shows another one in a frame. */
export function framePage(src: string): InlinePage {
  return {
    html: `<!doctype html><html lang="en"><title>Frames</title><link rel="icon" href="data:,"><iframe src="${src}"></iframe></html>`,
  }
}
