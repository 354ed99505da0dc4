/** What is done on the version of a case the agent saw, and on no other (RFC 9110). */
export const onVersion = (seen: string): { 'If-Match': string } => ({ 'If-Match': `"${seen}"` });
