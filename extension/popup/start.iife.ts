/**
 * Runs in the head of the popup and loads all the rest once the browser has drawn the head of every popup, which stands in the page:
 * Chromium shows a popup when its page has loaded, and a script that the page named would be part of that.
 */
let isBegun = false

function begin(): void {
  if (isBegun) return
  isBegun = true
  // No module of ours: the build writes this file.
  const rest = '/assets/popup.js'
  void import(rest)
}

/** A page that nobody sees is never drawn, and is to work all the same. Milliseconds. */
const UNSEEN_MS = 100

addEventListener('load', () => {
  requestAnimationFrame(() => setTimeout(begin))
  setTimeout(begin, UNSEEN_MS)
})
