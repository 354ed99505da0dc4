import type { TlsConfig } from './config.ts';

type Name = 'HUB_TLS_CERT' | 'HUB_TLS_KEY' | 'HUB_TLS_CA' | 'HUB_TLS_CLIENT';

/** Half a configuration of TLS would serve what its author believes protected. @throws what `fault` makes */
export function tlsConfig(text: (name: Name) => string, fault: (message: string) => Error): TlsConfig | undefined {
  const [cert, key, ca, client] = [
    text('HUB_TLS_CERT'),
    text('HUB_TLS_KEY'),
    text('HUB_TLS_CA'),
    text('HUB_TLS_CLIENT'),
  ];
  if (client !== '' && client !== 'required')
    throw fault(`HUB_TLS_CLIENT must be “required”, or unset: it is “${client}”`);
  if ((cert === '') !== (key === '')) throw fault('HUB_TLS_CERT and HUB_TLS_KEY go together');
  if ((ca === '') !== (client === ''))
    throw fault('HUB_TLS_CA and HUB_TLS_CLIENT=required go together: certificates asked for are required');
  if (cert === '' && ca !== '') throw fault('HUB_TLS_CLIENT needs HUB_TLS_CERT and HUB_TLS_KEY');
  return cert === '' ? undefined : { cert, key, ca, clients: client === 'required' ? 'required' : 'any' };
}
