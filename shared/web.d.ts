// The few web globals that both worlds have and shared/ may use. Seen only when shared/ is checked on its own.
declare class URL {
  static parse(url: string, base?: string): URL | null
  readonly protocol: string
  readonly pathname: string
  readonly origin: string
  readonly host: string
}
