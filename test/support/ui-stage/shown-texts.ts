/**
 * What a page shows, a block at a time: texts that stand together are one. Left out is what is none of the interface's own: code,
 * names and texts that others chose (each in a box of its own direction), and what a person types.
 *
 * Runs inside the page: it takes and returns plain values and uses nothing of this file.
 */
export function shownTexts(): string[] {
  const foreign = 'bdi, code, pre, kbd, .foreign, .origin, textarea, svg, script, style'
  const texts: string[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const box = node.parentElement
    if (box === null || box.closest(foreign) !== null || !box.checkVisibility()) continue
    texts.push(node.nodeValue ?? '')
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) texts.push(element.getAttribute(name) ?? '')
  texts.push(document.title)
  return texts.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '')
}

/** Headings, labels and buttons whose words are broken between letters, for want of room. Addresses may be. */
export function brokenWords(): string[] {
  const faults: string[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const box = node.parentElement
    if (box === null || !box.closest('h1, h2, h3, strong, label, button, a.button, summary, .chip')) continue
    if (box.closest('bdi, code, .foreign, .origin') !== null || !box.checkVisibility()) continue
    if (/\w[./]\w/.test(node.nodeValue ?? '')) continue
    for (const { 0: word, index } of (node.nodeValue ?? '').matchAll(/[\p{L}\u00AD]+/gu)) {
      // Where a word may be parted it says so itself.
      if (word.includes('\u00AD')) continue
      const range = new Range()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const boxes = [...range.getClientRects()].filter(({ width }) => width > 0)
      const lines = new Set(boxes.map(({ top }) => Math.round(top)))
      if (lines.size > 1) faults.push(`${box.tagName}.${box.className}: ${word}`)
    }
  }
  return faults
}
