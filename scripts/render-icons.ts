import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import puppeteer, { type Browser } from 'puppeteer-core'
import { findBrowser } from './find-browser.ts'

/** Renders the toolbar and store pictures from `valet-key.svg`. Run by hand after a change of the mark; the pictures are in the tree. */
const ICONS = fileURLToPath(new URL('../extension/icons/', import.meta.url))

/** Background of the mark and a small sign in the corner for each state of the toolbar button. */
const STATES = {
  'valet-key': { ground: '#1d4ed8', sign: '' },
  idle: { ground: '#64748b', sign: '' },
  live: {
    ground: '#1d4ed8',
    sign: '<circle cx="104" cy="104" r="22" fill="#fff"/><circle cx="104" cy="104" r="16" fill="#16a34a"/>',
  },
  locked: {
    ground: '#64748b',
    sign:
      '<circle cx="102" cy="102" r="26" fill="#fff"/><rect x="88" y="98" width="28" height="20" rx="4" fill="#334155"/>' +
      '<path d="M94 98v-6a8 8 0 0 1 16 0v6" fill="none" stroke="#334155" stroke-width="6"/>',
  },
  paused: {
    ground: '#64748b',
    sign:
      '<circle cx="102" cy="102" r="26" fill="#fff"/><circle cx="102" cy="102" r="21" fill="#b45309"/>' +
      '<path d="M95 93v18M109 93v18" stroke="#fff" stroke-width="7" stroke-linecap="round"/>',
  },
  trouble: {
    ground: '#64748b',
    sign:
      '<circle cx="102" cy="102" r="26" fill="#fff"/><circle cx="102" cy="102" r="21" fill="#dc2626"/>' +
      '<path d="M102 89v15" stroke="#fff" stroke-width="8" stroke-linecap="round"/><circle cx="102" cy="115" r="4.5" fill="#fff"/>',
  },
} as const

const mark = await readFile(`${ICONS}valet-key.svg`, 'utf8')
const browser = await puppeteer.launch({
  executablePath: await findBrowser('chromium'),
  args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
})
try {
  for (const [state, { ground, sign }] of Object.entries(STATES)) {
    const svg = mark.replace('#1d4ed8', ground).replace('</svg>', `${sign}</svg>`)
    for (const size of state === 'valet-key' ? [16, 32, 48, 128] : [16, 32]) {
      await writeFile(`${ICONS}${state}-${size}.png`, await picture(browser, svg, size))
    }
  }
} finally {
  await browser.close()
}

async function picture(browser: Browser, svg: string, size: number): Promise<Uint8Array> {
  const page = await browser.newPage()
  await page.setViewport({ width: size, height: size })
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  )
  const bytes = await page.screenshot({
    omitBackground: true,
    clip: { x: 0, y: 0, width: size, height: size },
  })
  await page.close()
  return bytes
}
