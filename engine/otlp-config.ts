/** Where the steps of requests are sent to, as in engine/config.ts, whose table they are part of. */
export const OTLP_VARIABLES = {
  HUB_OTLP_ENDPOINT: [
    '',
    'URL',
    'OpenTelemetry collector (OTLP/HTTP) that is sent the steps of requests; `/v1/traces` is added; unset: none',
  ],
  HUB_OTLP_PERCENT: ['10', '%', 'of the requests without a `traceparent` that are recorded; only with a collector'],
} as const satisfies Record<string, readonly [value: string, unit: string, meaning: string]>;

export interface OtlpConfig {
  /** without a slash at the end */
  endpoint: string;
  /** of the requests without a trace context, 0 to 1 */
  share: number;
}

const PERCENT = 100;

/** undefined: no collector. @throws what `fault` makes, for a setting that cannot be */
export function otlpConfig(
  text: (name: keyof typeof OTLP_VARIABLES) => string,
  fault: (message: string) => Error,
): OtlpConfig | undefined {
  const [endpoint, percent] = [text('HUB_OTLP_ENDPOINT'), Number(text('HUB_OTLP_PERCENT'))];
  if (!(percent >= 0 && percent <= PERCENT)) throw fault('HUB_OTLP_PERCENT must be a number from 0 to 100');
  if (endpoint === '') return undefined;
  const { protocol } = URL.parse(endpoint) ?? {};
  // Not the value itself: it may hold a password.
  if (protocol !== 'http:' && protocol !== 'https:')
    throw fault('HUB_OTLP_ENDPOINT must be an address that begins with http:// or https://');
  return { endpoint: endpoint.replace(/\/$/, ''), share: percent / PERCENT };
}
