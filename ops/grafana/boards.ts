/** All dashboards, in the order of a menu. `./hub exec node ops/grafana/boards.ts` writes their files anew, biome formats them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Board, written } from './board.ts';
import { apiBoard } from './boards/api.ts';
import { engine } from './boards/engine.ts';
import { overview } from './boards/overview.ts';
import { recipient, recipients } from './boards/recipients.ts';
import { redis } from './boards/redis.ts';

export const BOARDS: readonly Board[] = [overview, apiBoard, engine, redis, recipients, recipient];

export const fileOf = ({ uid }: Board): string => join(import.meta.dirname, `${uid}.json`);

if (import.meta.main) for (const board of BOARDS) writeFileSync(fileOf(board), written(board));
