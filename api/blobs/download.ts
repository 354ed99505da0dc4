import type { Reply, Request } from '#api/server/types.ts';

export interface Downloads {
  /**
   * 200, 206 or 416 with `digest`; undefined when the bytes are not there. The route declares the header `range`.
   */
  reply(request: Request, blob: string, sha256: string): Promise<Reply | undefined>;
}
