/** A promise, and what keeps it: an answer that goes on only once the page has said that it has the beginning. */
export function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
