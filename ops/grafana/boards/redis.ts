import type { Board } from '../board.ts';
import { quantile, rate, row, series, stat } from '../panel.ts';

/** The same from each process: of a node, what any of them sees. */
const of = (name: string, how = 'max'): string => `${how} by (node) (${name})`;

export const redis: Board = {
  uid: 'relais-redis',
  title: 'Relais · Redis et disques',
  description: 'Maîtres, répliques, écriture sur disque, place.',
  from: 'now-6h',
  panels: [
    stat('Maîtres qui répondent', `sum(${of('redis_up', 'min')})`, 'short', 'Vus de tous les processus.'),
    stat(
      'Mémoire, au plus',
      `max(${of('redis_memory_used_bytes')} / (${of('redis_memory_max_bytes')} > 0))`,
      'percentunit',
      'Du maître le plus plein.',
      [['green'], ['orange', 0.7], ['red', 0.8]],
    ),
    stat(
      'Écriture sur disque',
      `min(${of('redis_aof_write_ok', 'min')})`,
      'short',
      '1 : la dernière écriture a réussi partout.',
      [['red'], ['green', 1]],
    ),
    stat(
      'Réécriture du fichier',
      `min(${of('redis_aof_rewrite_ok', 'min')})`,
      'short',
      '1 : la dernière a réussi partout.',
      [['red'], ['green', 1]],
    ),
    stat(
      'Répliques manquantes',
      `sum(clamp_min(${of('redis_expected_replicas')} - ${of('redis_connected_replicas', 'min')}, 0))`,
      'short',
      'Sur celles que HUB_REPLICAS demande.',
      [['green'], ['red', 1]],
    ),
    stat('Aller et retour (99 %)', quantile(0.99, 'redis_call_seconds'), 's', 'Écriture sur disque comprise.', [
      ['green'],
      ['orange', 0.05],
      ['red', 0.25],
    ]),
    row('Serveurs'),
    series(
      'Mémoire',
      'bytes',
      'Par maître.',
      ['{{node}}', of('redis_memory_used_bytes')],
      ['limite {{node}}', `${of('redis_memory_max_bytes')} > 0`],
    ),
    series(
      'Allers et retours',
      's',
      'Lots d’appels du produit.',
      ['moitié', quantile(0.5, 'redis_call_seconds')],
      ['99 %', quantile(0.99, 'redis_call_seconds')],
    ),
    series('Lots par seconde', 'cps', 'Tous processus.', ['lots', rate('redis_call_seconds_count')]),
    series('Retard des répliques', 'bytes', 'De celle qui est le plus en retard.', [
      '{{node}}',
      of('redis_replica_lag_bytes'),
    ]),
    series('Chargement', 'short', '1 : le serveur relit son fichier.', ['{{node}}', of('redis_loading')]),
    row('Disques'),
    series('Place libre', 'bytes', 'Par dossier.', [
      '{{instance}} {{folder}}',
      'min by (instance, folder) (relais_disk_free_bytes)',
    ]),
    series('Part libre', 'percentunit', 'Une réécriture demande la place d’un second fichier.', [
      '{{instance}} {{folder}}',
      'min by (instance, folder) (relais_disk_free_bytes / relais_disk_size_bytes)',
    ]),
    series('Dernière sauvegarde', 'bytes', 'Sa taille.', ['taille', 'max(relais_backup_bytes)']),
  ],
};
