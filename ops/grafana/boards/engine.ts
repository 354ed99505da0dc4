import type { Board } from '../board.ts';
import { rate, row, series, stat } from '../panel.ts';

export const engine: Board = {
  uid: 'relais-engine',
  title: 'Relais · Moteur',
  description: 'Partitions, messages en attente, envois entre partitions, journal.',
  from: 'now-6h',
  panels: [
    stat(
      'Partitions sans propriétaire',
      'max(engine_partitions_unowned)',
      'short',
      'Rien n’y avance : fiche PartitionWithoutOwner.',
      [['green'], ['red', 1]],
    ),
    stat('Plus vieux message', 'max(engine_backlog_oldest_seconds)', 's', 'Attend d’être traité.', [
      ['green'],
      ['orange', 10],
      ['red', 30],
    ]),
    stat('Plus vieil envoi', 'max(engine_outbox_oldest_seconds)', 's', 'En route vers une autre partition.', [
      ['green'],
      ['orange', 10],
      ['red', 60],
    ]),
    stat(
      'Voies arrêtées',
      'sum(engine_lanes_stuck)',
      'short',
      'Leur premier message n’avance plus depuis une minute.',
      [['green'], ['red', 1]],
    ),
    stat('Messages mis de côté', 'sum(engine_dead_letters)', 'short', './hub dead les montre.', [
      ['green'],
      ['orange', 1],
    ]),
    stat('Acteurs suspendus', 'sum(engine_parked_actors)', 'short', 'Leurs messages attendent derrière un autre.', [
      ['green'],
      ['orange', 1],
    ]),
    row('Débit'),
    series('Messages traités', 'cps', 'Par seconde.', ['par seconde', rate('engine_messages_total')]),
    series('Messages par tour', 'short', 'Moyenne : plus il y en a, plus le moteur est chargé.', [
      'messages',
      'sum(rate(engine_turn_entries_sum[$__rate_interval])) / (sum(rate(engine_turn_entries_count[$__rate_interval])) > 0)',
    ]),
    series(
      'En attente',
      'short',
      'Les dix partitions les plus chargées, et tout ce qui est en route.',
      ['partition {{partition}}', 'topk(10, sum by (partition) (engine_backlog_entries))'],
      ['envois', 'sum(engine_outbox_entries)'],
    ),
    series('Ce que le service a compté', 'cps', 'Par seconde, selon le nom : dossiers, événements, courriels.', [
      '{{name}}',
      'topk(10, sum by (name) (rate(engine_counted[$__rate_interval])))',
    ]),
    row('Propriété'),
    series('Partitions par moteur', 'short', 'Doit être à peu près égal.', [
      '{{instance}} {{thread}}',
      'engine_partitions_held',
    ]),
    series(
      'Prises et pertes',
      'cps',
      'En régime établi, aucune.',
      ['prises', rate('engine_takes_total')],
      ['pertes', rate('engine_lost_total')],
      ['tours refusés', rate('engine_fenced_total')],
    ),
    row('Défauts'),
    series('Décisions qui échouent', 'cps', 'Par type de message.', ['{{kind}}', rate('engine_faults_total', 'kind')]),
    series('Envois répétés', 'cps', 'Entre partitions.', ['répétés', rate('engine_lane_errors_total')]),
    series(
      'Ce que Redis a perdu',
      'short',
      'Depuis le démarrage : refait, nommé, remis.',
      ['refaits', 'sum(engine_commits_mended_total)'],
      ['perdus', 'sum(engine_commits_lost_total)'],
      ['remis', 'sum(engine_elements_repaired_total)'],
    ),
    series('Effets extérieurs', 'cps', 'Courriels, fichiers effacés, par issue.', [
      '{{kind}} {{outcome}}',
      rate('engine_jobs_total', 'kind, outcome'),
    ]),
    row('Mémoire'),
    series('Fiches en mémoire', 'bytes', 'Par moteur.', ['{{instance}} {{thread}}', 'engine_cell_bytes']),
    series('Retard de la boucle d’événements', 's', '99 % des mesures sont au-dessous.', [
      '{{instance}} {{thread}}',
      'nodejs_eventloop_lag_p99_seconds',
    ]),
  ],
};
