/** Request headers that the suite's pages set and its own handlers look for, as `--allow-header` takes them. */
const ASKED =
  'accept-charset content-location dnt general message test-me this-is-a-test val1* val2* val3* val4* val5* val6* val7* val8* val9* val0 x-custom-* x-empty x-foo x-pass x-print x-requested-with x-test x-user y-print'

/** Response headers by which those handlers answer, as `--expose-header` takes them. */
const ANSWERED =
  'also-here content-custom* double-trouble ewok foo-test hello heya long* my-custom-header server test-this x-challenge x-control-request-headers x-custom-header* x-did-preflight x-foo x-is-filtered x-origin x-preflight-referrer x-referrer x-request-* x-test* x-webkit'

/** What the owner of a service that is spoken to by headers of its own says on the command line. */
export const SUITE_HEADERS: readonly string[] = [
  ...ASKED.split(' ').flatMap((name) => ['--allow-header', name]),
  ...ANSWERED.split(' ').flatMap((name) => ['--expose-header', name]),
]
