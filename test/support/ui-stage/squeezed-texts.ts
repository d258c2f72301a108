/** Texts that have so little room beside something else that they run down the page in a narrow column. */
export function squeezed(): string[] {
  const texts = [...document.body.querySelectorAll<HTMLElement>('h1, h2, h3, p, dd, div, span')].filter(
    (element) =>
      [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '') &&
      element.checkVisibility() &&
      element.closest('.aloud, .timeline-canvas') === null,
  )
  return texts.flatMap((text) => {
    const { width, height } = text.getBoundingClientRect()
    const lines = height / Number.parseFloat(getComputedStyle(text).lineHeight)
    if (lines < 3.5 || width >= innerWidth * 0.4) return []
    return [`${text.textContent.slice(0, 40)}: ${Math.round(lines)} lines of ${Math.round(width)} pixels`]
  })
}
