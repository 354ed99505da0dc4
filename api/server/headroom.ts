import { HEADERS_BYTES } from './limits.ts';

// uWebSockets reads this once, when its binary is loaded: this module must be imported before it.
process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = String(HEADERS_BYTES);
