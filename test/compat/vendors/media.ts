import { notEqual } from 'node:assert/strict'
import { BEARER } from './places.ts'
import type { Handler, Vendor } from './vendor.ts'

const PIECES = 3
const PIECE = Buffer.alloc(188 * 50, 0x47)
const PLAYLIST = [
  '#EXTM3U',
  '#EXT-X-VERSION:4',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-MEDIA-SEQUENCE:0',
  ...Array.from({ length: PIECES }, (_, at) => [
    '#EXTINF:2.0,',
    `#EXT-X-BYTERANGE:${PIECE.length}@${at * PIECE.length}`,
    'film.ts',
  ]).flat(),
  '#EXT-X-ENDLIST',
].join('\n')
const MASTER = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS="avc1.42e00a,mp4a.40.2"\nlow/list.m3u8\n'
const FILM = Buffer.concat(Array.from({ length: PIECES }, () => PIECE))

const playlist = (text: string): Handler => {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(text)
  }
}

/** The range of the film that is asked for. */
const pieceOfFilm: Handler = ({ request, response }) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  notEqual(from, undefined, 'the whole is asked for')
  const last = Math.min(Number(to), FILM.length - 1)
  const part = FILM.subarray(Number(from), last + 1)
  const range = { 'content-range': `bytes ${from}-${last}/${FILM.length}`, 'content-length': part.length }
  response.writeHead(206, { 'content-type': 'video/mp2t', ...range }).end(part)
}

/** Packages that show films, which they read in parts. */
export const MEDIA: readonly Vendor[] = [
  {
    ...BEARER,
    package: 'hls.js',
    page: 'hls',
    job: 'reads a list of lists, a list, and a piece of the film by its range',
    handlers: () => ({
      'GET /film/master.m3u8': playlist(MASTER),
      'GET /film/low/list.m3u8': playlist(PLAYLIST),
      'GET /film/low/film.ts': pieceOfFilm,
    }),
    returns: { levels: 1, pieces: PIECES, loaded: PIECE.length, missing: 404 },
  },
]
